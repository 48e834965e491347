import { randomUUID } from 'node:crypto';
import {
  DescribeExecutionCommand,
  ExecutionStatus,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CausewayError, messageOf } from '../../flow/errors.ts';
import type { ExecutionInput } from '../../runbook/machine.ts';
import type { ExecutionState, PlanExecutions } from '../../runbook/plan/ports.ts';
import { StartedBy } from '../../runbook/runbook.ts';
import { GOING_ON } from './executions.ts';

/** Begins the names of executions that steps of plans start; those that EventBridge and people start have others. */
const PREFIX = 'plan-';
const INPUT: ExecutionInput = { startedBy: StartedBy.Plan, reason: 'a step of a plan' };

/** Step Functions does not answer in the region of the state machine, or refuses. */
export class StepFunctionsError extends CausewayError {
  readonly code = 'STEP_FUNCTIONS_FAILED';
  readonly retriable = true;

  constructor(what: string, machine: string, cause: unknown) {
    super(`${machine}: ${what} failed: ${messageOf(cause)}`, {
      safe: 'Whatever was started goes on.',
      next: 'Call the step again: it finds a run that was started. If it stays, check that the region of the state machine answers, and the rights of the function.',
      cause,
    });
  }
}

/** Executions of one standard state machine, which is in the client's region. */
export class StepFunctionsPlanExecutions implements PlanExecutions {
  readonly #client: SFNClient;
  readonly #machine: string;

  constructor(client: SFNClient, stateMachineArn: string) {
    this.#client = client;
    this.#machine = stateMachineArn;
  }

  /** The newest, should there be several. @throws StepFunctionsError */
  async running(): Promise<string | undefined> {
    return this.#asked('ListExecutions', async () => {
      let nextToken: string | undefined;
      do {
        const list = { stateMachineArn: this.#machine, statusFilter: ExecutionStatus.RUNNING, nextToken };
        const page = await this.#client.send(new ListExecutionsCommand(list));
        const found = page.executions?.find(({ name }) => name?.startsWith(PREFIX));
        if (found?.executionArn !== undefined) return found.executionArn;
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return undefined;
    });
  }

  /** Under a name of its own, so that a request which the SDK sends again starts no second one. @throws StepFunctionsError */
  async start(): Promise<string> {
    return this.#asked('StartExecution', async () => {
      const name = PREFIX + randomUUID();
      const start = { stateMachineArn: this.#machine, name, input: JSON.stringify(INPUT) };
      const { executionArn = '' } = await this.#client.send(new StartExecutionCommand(start));
      return executionArn;
    });
  }

  /** @throws StepFunctionsError */
  async state(execution: string): Promise<ExecutionState> {
    return this.#asked('DescribeExecution', async () => {
      const describe = new DescribeExecutionCommand({ executionArn: execution });
      const { status = ExecutionStatus.RUNNING, error, cause } = await this.#client.send(describe);
      if (status === ExecutionStatus.SUCCEEDED) return { kind: 'succeeded' };
      if (GOING_ON.includes(status)) return { kind: 'running' };
      return { kind: 'ended-badly', error: error ?? status, cause: cause ?? 'it was ended from outside' };
    });
  }

  async #asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new StepFunctionsError(what, this.#machine, error);
    }
  }
}
