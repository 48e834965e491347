import type { CausewayError } from '../../flow/errors.ts';
import type { Evidence, StageOutcome, Verdict } from '../stage.ts';

export function passed(says: string, evidence: Evidence = {}): StageOutcome {
  return judged('PASS', says, evidence);
}

/** It goes on, and the report tells what is to be looked at. */
export function warned(says: string, evidence: Evidence = {}): StageOutcome {
  return judged('WARN', says, evidence);
}

/** It goes on, and what was to be proven is not so. */
export function failed(says: string, evidence: Evidence = {}): StageOutcome {
  return judged('FAIL', says, evidence);
}

export function judged(verdict: Verdict, says: string, evidence: Evidence = {}): StageOutcome {
  return { kind: 'passed', verdict, says, evidence };
}

export function waiting(says: string, evidence: Evidence = {}): StageOutcome {
  return { kind: 'waiting', says, evidence };
}

export function stopped(error: CausewayError, evidence: Evidence = {}): StageOutcome {
  return { kind: 'stopped', error, evidence };
}
