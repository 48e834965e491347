import type { Clock } from '../../append/ports.ts';
import { messageOf } from '../../flow/errors.ts';
import { byThen, isDefect } from '../stages/poll.ts';

/** What was asked for, or why it was not told. */
export type Answer<T> = { readonly told: T } | { readonly because: string };

/** Of Lambda in a region that may be away: whoever asks goes on without it. @param until ms since the epoch */
export async function answerBy<T>(clock: Clock, until: number, asking: Promise<T>): Promise<Answer<T>> {
  try {
    return (await byThen(clock, until, told(asking))) ?? { because: 'Lambda does not answer' };
  } catch (error) {
    if (isDefect(error)) throw error;
    return { because: messageOf(error) };
  }
}

async function told<T>(asking: Promise<T>): Promise<Answer<T>> {
  return { told: await asking };
}
