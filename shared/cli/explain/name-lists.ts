import { nearest } from '../../config/nearest.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { NameMatcher } from '../../policy/name-list.ts';
import { type Change, type Finding, Rule } from './explanation.ts';
import { blame, takesAlone, withName } from './joined-list.ts';
import type { WrittenFile } from './written-file.ts';

/** The two lists that decide about a name. */
export interface NameLists {
  /** Their property: `topics` or `groups`; the other is `<property>.exclude`. */
  readonly property: 'topics' | 'groups';
  readonly include: NameMatcher;
  readonly exclude: NameMatcher;
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

/** Lines that let the lists take `name`, all of them needed; undefined where no such lines can be told. */
export function changesToInclude(
  lists: NameLists,
  name: string,
  flow: FlowId,
  file: WrittenFile,
): readonly Change[] | undefined {
  const { property, include, exclude } = lists;
  const changes: Change[] = [];
  if (exclude.matches(name)) {
    const { rest } = blame(exclude.list, name);
    if (rest === undefined) return undefined;
    changes.push(
      file.change(flow, `${property}.exclude`, written(rest), 'start', 'the same list without what excludes it'),
    );
  }
  if (!include.matches(name)) {
    const more = withName(include.list, name);
    if (more === undefined) return undefined;
    changes.push(file.change(flow, property, written(more), 'start', 'the same list and this name'));
  }
  return changes;
}

/** The line that makes the lists leave `name` out; undefined where none can be told. */
export function changesToExclude(
  { property, exclude }: NameLists,
  name: string,
  flow: FlowId,
  file: WrittenFile,
): readonly Change[] | undefined {
  const more = withName(exclude.list, name);
  if (more === undefined) return undefined;
  return [file.change(flow, `${property}.exclude`, written(more), 'stop', 'the same list and this name')];
}

function listFinding(rule: Rule, property: string, matcher: NameMatcher, name: string): Finding {
  const { origin, patterns } = matcher.list;
  return {
    rule,
    says: sentence(rule, property, matcher, name),
    property,
    ...(origin !== undefined && { place: { key: origin.key, line: origin.line } }),
    ...(patterns.length > 0 && { entries: rule === Rule.NotNamed ? [] : blame(matcher.list, name).entries }),
  };
}

const TOGETHER =
  ' together with those before it: a list is one pattern, in which what one entry begins, as (?i), goes on in the next';

function sentence(rule: Rule, property: string, matcher: NameMatcher, name: string): string {
  if (rule === Rule.NotNamed) {
    if (matcher.list.patterns.length === 0) return `${property} is an empty list, which takes nothing`;
    const near = nearest(name, matcher.list.patterns);
    return `no entry of ${property} takes it${near === undefined ? '' : `; the nearest is ${near}`}`;
  }
  const [first, ...others] = blame(matcher.list, name).entries;
  const verb = rule === Rule.Excluded ? 'excludes' : 'takes';
  if (first === undefined) return `${property}, joined to one pattern, ${verb} it, though no entry does alone`;
  const where = takesAlone(first, name) ? '' : TOGETHER;
  const more = others.length === 0 ? '' : `, and so does ${others.map(({ text }) => text).join(', ')}`;
  return `${first.text}, entry ${first.number} of ${first.of} in ${property}, ${verb} it${where}${more}`;
}

/** As a properties file has it: backslashes twice. */
function written(patterns: readonly string[]): string {
  return patterns.join(', ').replaceAll('\\', '\\\\');
}
