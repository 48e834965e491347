import type { CaseMode } from './case-folding.ts';
import { PatternRefusal } from './refusal.ts';

/** The inline flags of a Java pattern that Causeway honours: `i`, `u`, `s`, `d`. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly unicodeCase: boolean;
  readonly dotAll: boolean;
  readonly unixLines: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, unicodeCase: false, dotAll: false, unixLines: false };

const NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  u: 'unicodeCase',
  s: 'dotAll',
  d: 'unixLines',
};

const REFUSED: Readonly<Record<string, string>> = {
  m: 'names have one line: (?m) is not supported',
  x: 'comments in patterns, (?x), are not supported',
  U: 'Unicode character classes, (?U), differ between Java versions',
  c: 'canonical equivalence, (?c), is not supported',
};

/** `flags` as changed by the letters of a `(?...)`, `i-s` for example. */
export function changeFlags(flags: Flags, letters: string, at: number): Flags {
  const changed = { ...flags };
  let value = true;
  for (const letter of letters) {
    if (letter === '-' && value) {
      value = false;
      continue;
    }
    const refused = REFUSED[letter];
    if (refused !== undefined && value) throw new PatternRefusal(refused, at);
    const name = NAMES[letter];
    if (name !== undefined) changed[name] = value;
    else if (refused === undefined) throw new PatternRefusal(`(?${letters} is no group and no flag of Java`, at);
  }
  return changed;
}

export function caseMode(flags: Flags): CaseMode {
  if (!flags.ignoreCase) return 'exact';
  return flags.unicodeCase ? 'unicode' : 'ascii';
}
