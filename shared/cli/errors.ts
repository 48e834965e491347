import { CausewayError } from '../flow/errors.ts';

const NOTHING = 'Nothing was asked or changed.';

/** The command line cannot be understood. */
export class UsageError extends CausewayError {
  override readonly code = 'USAGE';
  override readonly retriable = false;

  constructor(message: string, next: string) {
    super(message, { safe: NOTHING, next });
  }
}

interface Failed {
  readonly flow: string;
  readonly failure: CausewayError;
}

/** Several flows were asked, and none answered. */
export class NoFlowAnsweredError extends CausewayError {
  override readonly code = 'NO_FLOW_ANSWERED';
  override readonly retriable: boolean;
  /** Of one of them. */
  readonly failure: CausewayError;

  constructor(failed: readonly [Failed, ...Failed[]]) {
    const failures = failed.map(({ failure }) => failure);
    super(failed.map(({ flow, failure: { code, message } }) => `${flow}: ${code}: ${message}`).join('\n'), {
      safe: [...new Set(failures.map(({ safe }) => safe))].join(' '),
      next: [...new Set(failures.map(({ next }) => next))].join(' '),
    });
    [{ failure: this.failure }] = failed;
    this.retriable = failures.every(({ retriable }) => retriable);
  }
}

/** The configuration does not say in which region the flow's functions stand. */
export class RegionUnknownError extends CausewayError {
  override readonly code = 'REGION_UNKNOWN';
  override readonly retriable = false;

  constructor(flow: string, alias: string) {
    super(`${flow}: the configuration gives no AWS region for ${alias}`, {
      safe: NOTHING,
      next: `Add ${alias}.causeway.region, or ${alias}.causeway.cluster.arn.`,
    });
  }
}
