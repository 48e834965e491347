import { CausewayError } from '../../flow/errors.ts';

const SAFE = 'Nothing was changed: a translation only reads.';

/** The function that would answer is not there. */
export class TranslateNotDeployedError extends CausewayError {
  override readonly code = 'FLOW_NOT_DEPLOYED';
  override readonly retriable = false;

  constructor(flow: string, functionName: string, region: string, cause: unknown) {
    super(`${flow}: there is no function ${functionName} in ${region}`, {
      safe: SAFE,
      next: 'Deploy the target half (docs/deploy.md), or name the deployment with --prefix, the account with AWS_PROFILE.',
      cause,
    });
  }
}

/** The function could not be asked, or failed. */
export class TranslateCallError extends CausewayError {
  override readonly code = 'AWS_CALL_FAILED';
  override readonly retriable = true;

  constructor(flow: string, functionName: string, reason: string, cause?: unknown) {
    super(`${flow}: ${functionName} did not answer: ${reason}`, {
      safe: SAFE,
      next: 'Check credentials (AWS_PROFILE), the endpoint (--endpoint-url, --run), the right lambda:InvokeFunction, and the function’s log.',
      cause,
    });
  }
}
