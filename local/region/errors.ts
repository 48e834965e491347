import { CausewayError } from '../../shared/flow/errors.ts';
import { tailOf } from '../setup/steps.mjs';

const runIsThrownAway = 'A local run holds nothing of worth: the whole of it is stopped, other runs go on.';

/** A process of the run ended with nobody asking for it. */
export class RegionProcessDied extends CausewayError {
  readonly code = 'LOCAL_PROCESS_DIED';
  readonly retriable = true;

  constructor(name: string, how: string, log: string) {
    super(`${name} ended by itself (${how}). The end of its log:\n${tailOf(log)}`, {
      safe: runIsThrownAway,
      next: `Read ${log}, then start again.`,
    });
  }
}

/** A process of the run did not become ready in time. */
export class RegionNotReady extends CausewayError {
  readonly code = 'LOCAL_NOT_READY';
  readonly retriable = true;

  constructor(name: string, timeoutMs: number, log: string, cause: unknown) {
    super(`${name} was not ready after ${timeoutMs / 1000} s (${String(cause)}). The end of its log:\n${tailOf(log)}`, {
      safe: runIsThrownAway,
      next: `Read ${log}, then start again.`,
      cause,
    });
  }
}

/** A caller asked for a cluster, broker or endpoint that the run does not have or does not own. */
export class NotInThisRun extends CausewayError {
  readonly code = 'LOCAL_NOT_IN_THIS_RUN';
  readonly retriable = false;

  constructor(wanted: string, present: readonly string[]) {
    super(`This run has no ${wanted}; it has ${present.join(', ') || 'none'}.`, {
      safe: 'Nothing was changed.',
      next: 'Ask for one that it has, or start the run with it.',
    });
  }
}

/** The command line cannot be followed. */
export class UsageFault extends CausewayError {
  readonly code = 'LOCAL_USAGE';
  readonly retriable = false;

  constructor(message: string, next: string) {
    super(message, { safe: 'Nothing was changed.', next });
  }
}
