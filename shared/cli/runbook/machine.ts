import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ExecutionStatus,
  InvalidToken,
  paginateListStateMachines,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { timeLimits } from '../../adapters/aws/time-limits.ts';
import { RUN_ABORTED } from '../../runbook/machine.ts';
import { callFailed, type Deployed, FlowNotDeployedError } from '../deployment-errors.ts';

/** Where an execution stands. */
export interface ExecutionState {
  readonly running: boolean;
  readonly succeeded: boolean;
  /** Of one that failed: the error's code, and what was left. */
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Step Functions does not know it, as 90 days after its end: it does not run, and how it ended nobody tells here. */
  readonly forgotten?: true;
}

const FORGOTTEN: ExecutionState = {
  ...{ running: false, succeeded: false, error: undefined, cause: undefined },
  forgotten: true,
};

/** What a run that waits for a person is told: it goes on, is undone, or is undone because the whole of it is. */
export type Decision = 'approved' | 'refused' | 'aborted';

/** By which the state that waits ends; that of an abort is what every other stage would stop with. */
const ERRORS = { refused: 'REFUSED', aborted: RUN_ABORTED } as const satisfies Partial<Record<Decision, string>>;

/** Of what only asks, in commands of which others change something. */
export const ONLY_ASKED = 'Nothing was changed by that: a run that is under way goes on by itself.';
const MAYBE_STARTED = 'Where no answer came it may have been started all the same: status shows it.';
const MAYBE_DECIDED = 'Where no answer came it may have been taken all the same: status shows whether it goes on.';
const TIMEOUTS = timeLimits(3_000, 10_000);

/** One runbook's state machine, by its name in the flow's target region. */
export class RunbookMachine implements Disposable {
  readonly #client: SFNClient;
  readonly #deployed: Deployed;
  readonly #name: string;

  /** @param name physical name: `causeway-us-east-to-us-west-switchover` */
  constructor(flow: string, name: string, region: string) {
    this.#client = new SFNClient({ region, requestHandler: TIMEOUTS, maxAttempts: 3 });
    this.#name = name;
    this.#deployed = { flow, thing: `state machine ${name}`, region, half: 'target' };
  }

  /**
   * @returns ARN of the execution
   * @throws FlowNotDeployedError, AwsCallError
   */
  async start(input: object): Promise<string> {
    const stateMachineArn = await this.#find();
    return this.#call(
      'states:StartExecution',
      async () => {
        const { executionArn } = await this.#client.send(
          new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
        );
        return executionArn ?? '';
      },
      MAYBE_STARTED,
    );
  }

  /** @throws AwsCallError */
  async state(executionArn: string): Promise<ExecutionState> {
    return this.#call('states:DescribeExecution', async () => {
      try {
        const { status, error, cause } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
        const running = status === ExecutionStatus.RUNNING || status === ExecutionStatus.PENDING_REDRIVE;
        return { running, succeeded: status === ExecutionStatus.SUCCEEDED, error, cause };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return FORGOTTEN;
        throw error;
      }
    });
  }

  /**
   * Answers the stage that waits for a person.
   * @returns `too late`: nobody waits by that token any more
   * @throws AwsCallError
   */
  async decide(taskToken: string, decision: Decision, by: string): Promise<'taken' | 'too late'> {
    return this.#call(
      decision === 'approved' ? 'states:SendTaskSuccess' : 'states:SendTaskFailure',
      async () => {
        try {
          await (decision === 'approved'
            ? this.#client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ by }) }))
            : this.#client.send(
                new SendTaskFailureCommand({ taskToken, error: ERRORS[decision], cause: `${decision} by ${by}` }),
              ));
          return 'taken';
        } catch (error) {
          // A token from the journal was valid once.
          if ([TaskTimedOut, TaskDoesNotExist, InvalidToken].some((each) => error instanceof each)) return 'too late';
          throw error;
        }
      },
      MAYBE_DECIDED,
    );
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  /** Its ARN has the account in it, which only AWS knows. */
  async #find(): Promise<string> {
    const found = await this.#call('states:ListStateMachines', async () => {
      for await (const { stateMachines = [] } of paginateListStateMachines({ client: this.#client }, {}))
        for (const { name, stateMachineArn } of stateMachines) if (name === this.#name) return stateMachineArn;
      return undefined;
    });
    if (found === undefined) throw new FlowNotDeployedError(this.#deployed, undefined, ONLY_ASKED);
    return found;
  }

  async #call<T>(right: string, call: () => Promise<T>, safe = ONLY_ASKED): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw callFailed(this.#deployed, right, error, safe);
    }
  }
}
