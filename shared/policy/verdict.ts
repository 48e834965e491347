import type { NameMatcher } from './name-list.ts';

/** Whether something is replicated, and why, as a sentence's second half: "orders is replicated: <reason>". */
export interface Verdict {
  readonly covered: boolean;
  readonly reason: string;
}

export function covered(reason: string): Verdict {
  return { covered: true, reason };
}

export function notCovered(reason: string): Verdict {
  return { covered: false, reason };
}

/** MirrorMaker 2's filter: in the one list and not in the other. `property` is `topics` or `groups`. */
export function judge(name: string, property: string, include: NameMatcher, exclude: NameMatcher): Verdict {
  if (exclude.matches(name)) return notCovered(`excluded by ${naming(name, `${property}.exclude`, exclude)}`);
  if (include.matches(name)) return covered(`named by ${naming(name, property, include)}`);
  return notCovered(`not named by ${place(property, include)}`);
}

/** `.*\.replica in topics.exclude (line 7)`. */
export function naming(name: string, property: string, matcher: NameMatcher): string {
  const pattern = matcher.patternFor(name) ?? matcher.list.patterns.join(', ');
  return `${pattern} in ${place(property, matcher)}`;
}

function place(property: string, { list }: NameMatcher): string {
  return list.origin === undefined ? `the default of ${property}` : `${list.origin.key} (line ${list.origin.line})`;
}
