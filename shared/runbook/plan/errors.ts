import { CausewayError } from '../../flow/errors.ts';

/** The runbook that a step of a plan follows is not at its end yet. */
export class RunGoesOnError extends CausewayError {
  readonly code = 'RUN_GOES_ON';
  readonly retriable = true;

  constructor(kind: string, execution: string) {
    super(`the ${kind} has not come to its end yet: ${execution}`, {
      safe: 'It goes on: nothing is stopped by this.',
      next: 'Call the step again, as a plan does after its retry interval: it finds the run and follows it. If a person has to approve, see npx causeway status.',
    });
  }
}

/** The runbook that a step of a plan has started or found did not succeed. */
export class RunEndedBadlyError extends CausewayError {
  readonly code = 'RUN_ENDED_BADLY';
  readonly retriable = false;

  constructor(kind: string, execution: string, error: string, cause: string) {
    super(`the ${kind} ended with ${error}: ${cause} (${execution})`, {
      safe: 'What that run undid and what it left is in what it said.',
      next: 'Do what it asks for. Called again, the step starts the runbook again, which proves everything anew and goes on.',
    });
  }
}
