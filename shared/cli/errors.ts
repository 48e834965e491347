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
