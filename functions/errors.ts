import { CausewayError } from '../shared/flow/errors.ts';

/** The environment variables that the stack gives the function are missing or not what they should be. */
export class FunctionMisconfigured extends CausewayError {
  readonly code = 'FUNCTION_MISCONFIGURED';
  readonly retriable = false;

  constructor(faults: readonly string[], cause: unknown) {
    super(`The function's environment is not what its stack sets: ${faults.join('; ')}`, {
      safe: 'Nothing was read or written; records stay in the source.',
      next: "Deploy the flow's stack again, and change its configuration file instead of the function's variables.",
      cause,
    });
  }
}
