import type { Clock } from '../../append/ports.ts';
import type { StageOutcome, StageTime } from '../stage.ts';
import { waiting } from './outcome.ts';

const PAUSE_MS = 500;

/** Looks again and again while there is nothing but waiting, until the time of the call is over. */
export async function poll(
  clock: Clock,
  { until }: StageTime,
  look: () => Promise<StageOutcome>,
): Promise<StageOutcome> {
  for (;;) {
    const outcome = await look();
    if (outcome.kind !== 'waiting' || clock.now() + PAUSE_MS >= until) return outcome;
    await clock.wait(PAUSE_MS);
  }
}

/** What stops a stage is looked at again for so long: brokers restart, metadata is late. */
export function patiently(outcome: StageOutcome, clock: Clock, { since }: StageTime, patienceMs: number): StageOutcome {
  if (outcome.kind !== 'stopped' || clock.now() >= since + patienceMs) return outcome;
  return waiting(outcome.error.message, outcome.evidence);
}

/** `undefined` where what is asked does not answer, or refuses: for what is done without. */
export async function ifItAnswers<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (isDefect(error)) throw error;
    return undefined;
  }
}

/** Neither a cluster nor AWS says such things. */
export function isDefect(error: unknown): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((each) => error instanceof each);
}

/** `undefined` when it is not there by then: a region that is gone may be silent for long. */
export async function byThen<T>(clock: Clock, until: number, work: Promise<T>): Promise<T | undefined> {
  const late = clock.wait(Math.max(0, until - clock.now())).then(() => undefined);
  work.catch(() => {});
  return Promise.race([work, late]);
}
