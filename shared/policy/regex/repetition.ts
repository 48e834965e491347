import { PatternRefusal } from './refusal.ts';
import type { TokenReader } from './tokens.ts';

/** Java's largest repetition count, `Integer.MAX_VALUE`. */
const MAX_COUNT = 2 ** 31 - 1;

/** `*`, `+`, `?` or `{..}`, which mean the same in Java and JavaScript. */
export interface Repetition {
  readonly source: string;
  readonly unbounded: boolean;
}

/** Reads a repetition, without the `?` or `+` that may follow it; undefined if there is none. */
export function readRepetition(reader: TokenReader): Repetition | undefined {
  for (const sign of ['*', '+', '?']) if (reader.takes(sign)) return { source: sign, unbounded: sign !== '?' };
  const at = reader.position;
  if (!reader.takes('{')) return undefined;
  const refuse = (reason: string): never => {
    throw new PatternRefusal(`this repetition count ${reason}`, at);
  };
  const least = reader.takeWhile(/[0-9]/);
  const comma = reader.takes(',');
  const most = comma ? reader.takeWhile(/[0-9]/) : least;
  if (least === '' || !reader.takes('}')) refuse('is not closed or not a number');
  if (Number(least) > MAX_COUNT || Number(most) > MAX_COUNT) refuse('is too large');
  if (most !== '' && Number(most) < Number(least)) refuse('runs backwards');
  return { source: `{${least}${comma ? `,${most}` : ''}}`, unbounded: most === '' };
}
