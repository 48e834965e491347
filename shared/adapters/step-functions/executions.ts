import { DescribeExecutionCommand, ExecutionDoesNotExist, ExecutionStatus, type SFNClient } from '@aws-sdk/client-sfn';
import { CausewayError } from '../../flow/errors.ts';
import type { Executions } from '../../runbook/registry/ports.ts';

/** ms for one question, the SDK's own repetitions included. */
const TIMEOUT_MS = 10_000;

/** States in which an execution may still call the function `runbook`. */
export const GOING_ON: readonly string[] = [ExecutionStatus.RUNNING, ExecutionStatus.PENDING_REDRIVE];

/** Step Functions does not say whether an execution is running. */
export class ExecutionUnknownError extends CausewayError {
  readonly code = 'EXECUTION_UNKNOWN';
  readonly retriable = true;

  constructor(execution: string, reason: string, cause: unknown) {
    super(`Step Functions does not say whether execution ${execution} is running: ${reason}`, {
      safe: 'Nothing was changed: its lock is left to it.',
      next: 'Check the right states:DescribeExecution, and that Step Functions answers in the region of the execution.',
      cause,
    });
  }
}

/** Executions of standard state machines, in the client's region. */
export class StepFunctionsExecutions implements Executions {
  readonly #client: SFNClient;
  readonly #timeoutMs: number;

  constructor(client: SFNClient, timeoutMs = TIMEOUT_MS) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Step Functions forgets executions 90 days after their end; then it is false.
   * @throws ExecutionUnknownError when it does not answer, or not that: what is not known may be running
   */
  async isRunning(execution: string): Promise<boolean> {
    const abortSignal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const describe = new DescribeExecutionCommand({ executionArn: execution });
      const { status = ExecutionStatus.RUNNING } = await this.#client.send(describe, { abortSignal });
      return GOING_ON.includes(status);
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      const reason = abortSignal.aborted ? `no answer within ${this.#timeoutMs} ms` : String(error);
      throw new ExecutionUnknownError(execution, reason, error);
    }
  }
}
