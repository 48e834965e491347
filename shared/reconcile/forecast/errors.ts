import { CausewayError } from '../../flow/errors.ts';

/** Something that a plan is made from could not be found out; not for a cluster's sake, which has errors of its own. */
export class PlanCallError extends CausewayError {
  override readonly code = 'AWS_CALL_FAILED';
  override readonly retriable = true;

  /** @param call `lambda:ListEventSourceMappings`: the right that it takes, or what was asked */
  constructor(flow: string, call: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${flow}: ${call} failed: ${reason}`, {
      safe: 'Nothing was changed: a plan only reads.',
      next: 'Try again; if it stays, the role of the function reconcile, or the route from its subnets, was changed.',
      cause,
    });
  }
}
