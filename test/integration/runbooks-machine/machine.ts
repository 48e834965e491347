import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  ExecutionStatus,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Definition } from '../../../infra/flow/runbooks/asl.ts';
import { stateMachine } from '../../../infra/flow/runbooks/definition.ts';
import type { ExecutionInput } from '../../../shared/runbook/machine.ts';
import type { RunbookKind } from '../../../shared/runbook/runbook.ts';
import type { ScriptedFunction } from './scripted-function.ts';

const ENDS_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;

export interface Ended {
  readonly status: ExecutionStatus | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly output: unknown;
}

/** A runbook's state machine with a function that the test decides for. */
export class Machine implements AsyncDisposable {
  readonly #sfn: SFNClient;
  readonly #arn: string;

  private constructor(sfn: SFNClient, arn: string) {
    this.#sfn = sfn;
    this.#arn = arn;
  }

  static async create(sfn: SFNClient, kind: RunbookKind, fn: ScriptedFunction): Promise<Machine> {
    const definition = stateMachine({ kind, approval: 'required', function: { arn: fn.arn, partition: 'aws' } });
    const { stateMachineArn = '' } = await sfn.send(
      new CreateStateMachineCommand({
        name: `${fn.name}-${kind}`,
        roleArn: 'arn:aws:iam::000000000000:role/test',
        definition: JSON.stringify({ ...definition, States: soon(definition.States) }),
      }),
    );
    return new Machine(sfn, stateMachineArn);
  }

  /** @returns the execution's ARN */
  async start(input: ExecutionInput | object): Promise<string> {
    const start = new StartExecutionCommand({ stateMachineArn: this.#arn, input: JSON.stringify(input) });
    return (await this.#sfn.send(start)).executionArn ?? '';
  }

  async stop(executionArn: string): Promise<void> {
    await this.#sfn.send(new StopExecutionCommand({ executionArn }));
  }

  /** Awaits the execution's end. */
  async end(executionArn: string): Promise<Ended> {
    const deadline = Date.now() + ENDS_WITHIN_MS;
    for (;;) {
      const { status, error, cause, output } = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status !== ExecutionStatus.RUNNING)
        return { status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
      if (Date.now() > deadline) throw new Error(`${executionArn} has not ended within ${ENDS_WITHIN_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async run(input: ExecutionInput | object): Promise<Ended & { readonly execution: string }> {
    const execution = await this.start(input);
    return { execution, ...(await this.end(execution)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sfn.send(new DeleteStateMachineCommand({ stateMachineArn: this.#arn }));
  }
}

/** What waits for minutes waits for a second. */
function soon(states: Definition['States']): Definition['States'] {
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, state.Type === 'Wait' ? { ...state, Seconds: 1 } : state]),
  );
}
