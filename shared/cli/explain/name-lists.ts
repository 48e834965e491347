import { nearest } from '../../config/nearest.ts';
import type { FlowId } from '../../flow/flow.ts';
import { compileNameList, NameListRefusal, type NameMatcher } from '../../policy/name-list.ts';
import { type Change, type Entry, type Finding, Rule } from './explanation.ts';
import type { WrittenFile } from './written-file.ts';

/** The two lists that decide about a name. */
export interface NameLists {
  /** Their property: `topics` or `groups`; the other is `<property>.exclude`. */
  readonly property: 'topics' | 'groups';
  readonly include: NameMatcher;
  readonly exclude: NameMatcher;
}

/** Entries that take `name` by themselves. None, although the list takes it: only the list as one pattern does. */
export function entriesFor({ list }: NameMatcher, name: string): readonly Entry[] {
  const of = list.patterns.length;
  return list.patterns
    .map((text, index): Entry => ({ text, number: index + 1, of }))
    .filter(({ text }) => takes([text], name));
}

/** What of the lists keeps `name` out. */
export function listObstacles({ property, include, exclude }: NameLists, name: string): readonly Finding[] {
  const found: Finding[] = [];
  if (exclude.matches(name)) found.push(listFinding(Rule.Excluded, `${property}.exclude`, exclude, name));
  if (!include.matches(name)) found.push(listFinding(Rule.NotNamed, property, include, name));
  return found;
}

/** The entry that takes `name` in. */
export function listGround({ property, include }: NameLists, name: string): Finding {
  return listFinding(Rule.Named, property, include, name);
}

/** Lines that let the lists take `name`; none where no single entry can be blamed. */
export function changesToInclude(lists: NameLists, name: string, flow: FlowId, file: WrittenFile): readonly Change[] {
  const { property, include, exclude } = lists;
  const changes: Change[] = [];
  if (exclude.matches(name)) {
    const rest = exclude.list.patterns.filter((pattern) => !takes([pattern], name));
    if (takes(rest, name)) return [];
    changes.push(
      file.change(flow, `${property}.exclude`, written(rest), 'start', 'the same list without what excludes it'),
    );
  }
  if (!include.matches(name)) {
    const more = [...include.list.patterns, quoted(name)];
    if (!takes(more, name)) return [];
    changes.push(file.change(flow, property, written(more), 'start', 'the same list and this name'));
  }
  return changes;
}

/** The line that makes the lists leave `name` out. */
export function changesToExclude(
  { property, exclude }: NameLists,
  name: string,
  flow: FlowId,
  file: WrittenFile,
): readonly Change[] {
  const more = [...exclude.list.patterns, quoted(name)];
  if (!takes(more, name)) return [];
  return [file.change(flow, `${property}.exclude`, written(more), 'stop', 'the same list and this name')];
}

function listFinding(rule: Rule, property: string, matcher: NameMatcher, name: string): Finding {
  const { origin, patterns } = matcher.list;
  return {
    rule,
    says: sentence(rule, property, matcher, name),
    property,
    ...(origin !== undefined && { place: { key: origin.key, line: origin.line } }),
    ...(patterns.length > 0 && { entries: entriesFor(matcher, name) }),
  };
}

function sentence(rule: Rule, property: string, matcher: NameMatcher, name: string): string {
  if (rule === Rule.NotNamed) {
    if (matcher.list.patterns.length === 0) return `${property} is an empty list, which takes nothing`;
    const near = nearest(name, matcher.list.patterns);
    return `no entry of ${property} takes it${near === undefined ? '' : `; the nearest is ${near}`}`;
  }
  const [first, ...others] = entriesFor(matcher, name);
  const verb = rule === Rule.Excluded ? 'excludes' : 'takes';
  if (first === undefined) return `${property}, joined to one pattern, ${verb} it, though no entry does alone`;
  const more = others.length === 0 ? '' : `, and so does ${others.map(({ text }) => text).join(', ')}`;
  return `${first.text}, entry ${first.number} of ${first.of} in ${property}, ${verb} it${more}`;
}

function takes(patterns: readonly string[], name: string): boolean {
  try {
    return compileNameList({ patterns }).matches(name);
  } catch (error) {
    if (error instanceof NameListRefusal) return false;
    throw error;
  }
}

/** A pattern for this name only. A comma would end the entry. */
function quoted(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(',', '\\x2c');
}

/** As a properties file has it: backslashes twice. */
function written(patterns: readonly string[]): string {
  return patterns.join(', ').replaceAll('\\', '\\\\');
}
