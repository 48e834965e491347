import { CausewayError } from '../../flow/errors.ts';

/** The deployed function is of another version of Causeway. */
export class OtherVersionError extends CausewayError {
  override readonly code = 'FLOW_OF_OTHER_VERSION';
  override readonly retriable = false;

  constructor(flow: string, functionName: string, cause: unknown) {
    super(`${flow}: the settings of ${functionName} are not those that this version of causeway writes`, {
      safe: 'Nothing was changed: a plan only reads.',
      next: 'Use the version that deployed it, or deploy it with this one.',
      cause,
    });
  }
}
