import { CausewayError } from '../flow/errors.ts';

const SAFE = 'Nothing was changed: this command only reads.';

/** Something of the flow that the command needs: what it is, and of which half. */
export interface Deployed {
  readonly flow: string;
  /** `function causeway-us-east-to-us-west-translate`. */
  readonly thing: string;
  readonly region: string;
  readonly half: 'source' | 'target';
}

/** What would answer is not there. */
export class FlowNotDeployedError extends CausewayError {
  override readonly code = 'FLOW_NOT_DEPLOYED';
  override readonly retriable = false;

  /** @param safe of a command that changes something */
  constructor({ flow, thing, region, half }: Deployed, cause: unknown, safe = SAFE) {
    super(`${flow}: there is no ${thing} in ${region}`, {
      safe,
      next: `Deploy the ${half} half (docs/deploy.md), or name the deployment with --prefix, the account with AWS_PROFILE.`,
      cause,
    });
  }
}

/** Of a call that comes to the same until somebody gives credentials or a right. */
const NOT_ALLOWED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

/** AWS could not be asked, or did not answer. */
export class AwsCallError extends CausewayError {
  override readonly code = 'AWS_CALL_FAILED';
  override readonly retriable: boolean;

  /**
   * @param asked `lambda:InvokeFunction of <name>`: the right that it takes, and what of
   * @param safe of a command that changes something
   */
  constructor(flow: string, asked: string, cause: unknown, safe = SAFE) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${flow}: ${asked} failed: ${reason}`, {
      safe,
      next: `Check credentials (AWS_PROFILE), the endpoint (--endpoint-url, --run) and the right to ${asked}.`,
      cause,
    });
    this.retriable = !(cause instanceof Error && NOT_ALLOWED.has(cause.name));
  }
}

/** The deployed function failed, or answered what is not understood. */
export class FunctionFailedError extends CausewayError {
  override readonly code = 'FUNCTION_FAILED';
  override readonly retriable = true;

  /** @param safe of a command that changes something */
  constructor(flow: string, functionName: string, reason: string, cause?: unknown, safe = SAFE) {
    super(`${flow}: ${functionName} gave no answer: ${reason}`, {
      safe,
      next: `Look at its log, /aws/lambda/${functionName}; use the version of causeway that deployed it.`,
      cause,
    });
  }
}

/** A failed call to AWS in words: what is not there is not deployed. @param safe of a command that changes something */
export function callFailed(deployed: Deployed, right: string, cause: unknown, safe?: string): CausewayError {
  if (cause instanceof CausewayError) return cause;
  if (cause instanceof Error && cause.name === 'ResourceNotFoundException')
    return new FlowNotDeployedError(deployed, cause, safe);
  return new AwsCallError(deployed.flow, `${right} of ${deployed.thing.split(' ').at(-1)}`, cause, safe);
}

/** What a function answered instead of what was asked, in its own words. */
export class ToldByFunctionError extends CausewayError {
  override readonly code: string;
  override readonly retriable: boolean;

  constructor(
    functionName: string,
    fault: { readonly [name in 'code' | 'what' | 'safe' | 'next']: string } & { readonly retriable: boolean },
  ) {
    const { code, what, safe, next, retriable } = fault;
    super(what, { safe, next: next.replaceAll('this function', `the function ${functionName}`) });
    this.code = code;
    this.retriable = retriable;
  }
}
