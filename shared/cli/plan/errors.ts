import { CausewayError } from '../../flow/errors.ts';

const SAFE = 'Nothing was changed: a plan only reads.';

/** The function that would carry the plan out is not there. */
export class FlowNotDeployedError extends CausewayError {
  override readonly code = 'FLOW_NOT_DEPLOYED';
  override readonly retriable = false;

  constructor(flow: string, functionName: string, region: string, cause: unknown) {
    super(`${flow}: there is no function ${functionName} in ${region}`, {
      safe: SAFE,
      next: 'Deploy the source half first (docs/deploy.md), or name the deployment with --prefix, the account with AWS_PROFILE.',
      cause,
    });
  }
}

/** The deployed function is of another version of Causeway. */
export class OtherVersionError extends CausewayError {
  override readonly code = 'FLOW_OF_OTHER_VERSION';
  override readonly retriable = false;

  constructor(flow: string, functionName: string, cause: unknown) {
    super(`${flow}: the settings of ${functionName} are not those that this version of causeway writes`, {
      safe: SAFE,
      next: 'Use the version that deployed it, or deploy it with this one.',
      cause,
    });
  }
}

/** AWS could not be asked. */
export class AwsCallError extends CausewayError {
  override readonly code = 'AWS_CALL_FAILED';
  override readonly retriable = true;

  constructor(flow: string, call: string, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${flow}: ${call} failed: ${reason}`, {
      safe: SAFE,
      next: 'Check credentials (AWS_PROFILE), the endpoint (--endpoint-url, --run) and the right to call it.',
      cause,
    });
  }
}
