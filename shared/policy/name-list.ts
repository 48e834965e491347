import { PatternRefusal } from './regex/refusal.ts';
import { translateJavaPattern } from './regex/translate.ts';

/** A list of names and Java patterns as the configuration has it. */
export interface NameList {
  readonly patterns: readonly string[];
  /** Where it was written, or undefined for a default. */
  readonly origin?: { readonly key: string; readonly line: number } | undefined;
}

/** Takes whole names. */
export interface NameMatcher {
  matches(name: string): boolean;
  /** The first pattern of the list that takes `name` on its own; undefined if none does. */
  patternFor(name: string): string | undefined;
  readonly list: NameList;
}

/** Why a list is not taken, and what in it is at fault. */
export class NameListRefusal extends Error {
  /** The pattern at fault; the whole list joined if no single one is. */
  readonly pattern: string;
  /** Index into `pattern`. */
  readonly position: number;

  constructor(pattern: string, { message, position }: PatternRefusal) {
    super(`pattern ${pattern} at character ${position + 1}: ${message}`);
    this.name = 'NameListRefusal';
    this.pattern = pattern;
    this.position = position;
  }
}

/**
 * Joins the list with `|` and matches whole names, as MirrorMaker 2 does; so `(?i)` also holds for the patterns after
 * it. An empty list takes nothing.
 * @throws NameListRefusal
 */
export function compileNameList(list: NameList): NameMatcher {
  const joined = list.patterns.join('|');
  const regexp = list.patterns.length === 0 ? undefined : (translated(joined) ?? refuse(list));
  return {
    list,
    matches: (name) => regexp?.test(name) ?? false,
    patternFor: (name) => list.patterns.find((pattern) => translated(pattern)?.test(name)),
  };
}

function translated(pattern: string): RegExp | undefined {
  try {
    return translateJavaPattern(pattern);
  } catch (error) {
    if (error instanceof PatternRefusal) return undefined;
    throw error;
  }
}

/** Blames a single pattern where one alone is refused, the joined list otherwise. */
function refuse({ patterns }: NameList): never {
  for (const pattern of [...patterns, patterns.join('|')]) {
    try {
      translateJavaPattern(pattern);
    } catch (error) {
      if (error instanceof PatternRefusal) throw new NameListRefusal(pattern, error);
      throw error;
    }
  }
  throw new RangeError(`refused, then taken: ${patterns.join('|')}`);
}
