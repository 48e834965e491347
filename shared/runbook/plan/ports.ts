/** How an execution stands. */
export type ExecutionState =
  | { readonly kind: 'running' | 'succeeded' }
  /** As Step Functions has them: `error` is `<stage>.<code>`, `cause` says what was found and what was undone. */
  | { readonly kind: 'ended-badly'; readonly error: string; readonly cause: string };

/** Executions of one runbook's state machine. All throw CausewayError when Step Functions does not answer. */
export interface PlanExecutions {
  /** ARN of one that a step of a plan has started and that is still running. */
  running(): Promise<string | undefined>;
  /** @returns its ARN */
  start(): Promise<string>;
  state(execution: string): Promise<ExecutionState>;
}
