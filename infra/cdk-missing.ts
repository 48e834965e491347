import { CausewayError } from '../shared/flow/errors.ts';

/** Something that needs the CDK was used where there is none. */
export class CdkMissingError extends CausewayError {
  readonly code = 'CDK_MISSING';
  readonly retriable = false;

  /** @param what it is that needs it */
  constructor(what: string, peer: string, cause: unknown) {
    super(`${what} needs ${peer}, which is not installed`, {
      safe: 'causeway/client, causeway/client/translate and the commands that ask what is deployed work without it.',
      next: 'npm install aws-cdk-lib constructs',
      cause,
    });
  }
}
