import { z } from 'zod';

/** What people ask between runs; it changes nothing and takes no lock. */
const question = z.strictObject({ ask: z.literal('left-behind') });

export type RunbookQuestion = z.infer<typeof question>;

/** Undefined: the event is no question, but a call of a stage. */
export function questionIn(event: unknown): RunbookQuestion | undefined {
  return question.safeParse(event).data;
}
