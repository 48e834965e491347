import { CausewayError } from '../../shared/flow/errors.ts';
import type { RunbookAnswer } from '../../shared/runbook/machine.ts';

/** A fault of how the runbook is put together, which its stages never come to see. @throws any other */
export function stoppedBy(error: unknown): RunbookAnswer {
  if (!(error instanceof CausewayError)) throw error;
  return { kind: 'stopped', code: error.code, says: [error.message, error.safe, error.next].join(' ') };
}

/** Ends the state that would wait for a person, or has it call again. Its name is what Step Functions tells as the error. */
export class RefusedToAsk extends Error {
  constructor(code: string, says: string) {
    super(says);
    this.name = code;
  }
}
