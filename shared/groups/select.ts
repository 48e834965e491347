import { selectGroup } from '../policy/group-selection.ts';
import type { NameMatcher } from '../policy/name-list.ts';
import type { GroupListing } from './group.ts';

export interface GroupRules {
  readonly include: NameMatcher;
  readonly exclude: NameMatcher;
}

export interface GroupSelection {
  /** Ids of the groups that the flow carries over, sorted. */
  readonly selected: readonly string[];
  /** The others, each with the rule that leaves it out. */
  readonly leftOut: ReadonlyMap<string, string>;
}

export function selectGroups({ groups }: GroupListing, { include, exclude }: GroupRules): GroupSelection {
  const selected: string[] = [];
  const leftOut = new Map<string, string>();
  for (const id of [...groups.keys()].sort()) {
    const verdict = selectGroup(include, exclude, id);
    if (verdict.covered) selected.push(id);
    else leftOut.set(id, verdict.reason);
  }
  return { selected, leftOut };
}
