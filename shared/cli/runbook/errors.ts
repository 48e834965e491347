import { CausewayError } from '../../flow/errors.ts';
import type { RunbookKind } from '../../runbook/runbook.ts';

/** There is no run that the command could be about. */
export class NoRunError extends CausewayError {
  override readonly code = 'NO_RUN';
  override readonly retriable = false;

  constructor(flow: string, kind: RunbookKind, what: string) {
    super(`${flow}: ${what}`, {
      safe: 'Nothing was changed.',
      next: `causeway ${kind} status shows how things stand; causeway ${kind} start begins one.`,
    });
  }
}

/** Nobody waits for approval, or not any more. */
export class NothingToApproveError extends CausewayError {
  override readonly code = 'NOTHING_TO_APPROVE';
  override readonly retriable = false;

  constructor(flow: string, kind: RunbookKind) {
    super(`${flow}: no ${kind} waits for approval`, {
      safe: 'Nothing was changed.',
      next: `causeway ${kind} status shows at which stage it is.`,
    });
  }
}
