import { LambdaServiceException } from '@aws-sdk/client-lambda';
import { CausewayError } from '../../flow/errors.ts';

interface Refusal {
  readonly code: string;
  readonly retriable: boolean;
  readonly next: string;
}

const THROTTLED: Refusal = {
  code: 'LAMBDA_THROTTLED',
  retriable: true,
  next: 'Nothing, if it passes: the next look goes on. If it stays, somebody else uses up what Lambda takes of an account, 15 control plane requests a second.',
};
const NOT_ALLOWED: Refusal = {
  code: 'LAMBDA_NOT_ALLOWED',
  retriable: false,
  next: 'Allow the role of the function what the message names; where its own policy does, a permissions boundary or a policy of the organization denies it.',
};
const QUOTA: Refusal = {
  code: 'MAPPING_QUOTA_REACHED',
  retriable: false,
  next: 'Ask for a higher quota of Lambda, copy fewer topics, or choose on-demand pollers for them.',
};
const INVALID: Refusal = {
  code: 'MAPPING_INVALID',
  retriable: false,
  next: 'Correct what the message names: the cluster ARN, the secret, subnets and security groups, poller numbers; or the rights of the role of replicate, with which Lambda reads the source.',
};
const FUNCTION_MISSING: Refusal = {
  code: 'REPLICATE_MISSING',
  retriable: false,
  next: 'Deploy the stack of the source region again: the function replicate is not there.',
};

/** By the names of Lambda's exceptions (Lambda API reference, CreateEventSourceMapping, common errors). */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  TooManyRequestsException: THROTTLED,
  ThrottlingException: THROTTLED,
  AccessDeniedException: NOT_ALLOWED,
  UnrecognizedClientException: NOT_ALLOWED,
  ServiceQuotaExceededException: QUOTA,
  LimitExceededException: QUOTA,
  ResourceNotFoundException: FUNCTION_MISSING,
  InvalidParameterValueException: INVALID,
  ValidationException: INVALID,
};

/** Lambda refused a change of an event source mapping. */
export class MappingRefusedError extends CausewayError {
  readonly code: string;
  readonly retriable: boolean;

  constructor(request: string, refusal: Refusal, cause: LambdaServiceException) {
    super(`Lambda refused ${request}: ${cause.name}: ${cause.message}`, {
      safe: 'Mappings that exist go on as they are; records wait in the source.',
      next: refusal.next,
      cause,
    });
    this.code = refusal.code;
    this.retriable = refusal.retriable;
  }
}

/** What is known of the refusal with its code; anything else, as a lost connection or Lambda's own faults, as it is. */
export function explainRefusal(request: string, error: unknown): unknown {
  if (!(error instanceof LambdaServiceException)) return error;
  // Some quotas are told as parameters that are not valid.
  const refusal = /quota|limit exceeded/i.test(error.message) ? QUOTA : REFUSALS[error.name];
  return refusal === undefined ? error : new MappingRefusedError(request, refusal, error);
}
