import type { NameMatcher } from './name-list.ts';
import { judge, notCovered, type Verdict } from './verdict.ts';

/** Begins the ids of the groups that Causeway's event source mappings read with. */
export const POLLING_GROUP_PREFIX = 'causeway.';

/** Groups that a flow leaves out unless `groups.exclude` says otherwise (MirrorMaker 2, `DefaultGroupFilter`). */
export const DEFAULT_GROUPS_EXCLUDE = ['console-consumer-.*', 'connect-.*', '__.*'] as const;

/** Whether a flow carries over the offsets of the consumer group `group`. No list can name Causeway's own. */
export function selectGroup(include: NameMatcher, exclude: NameMatcher, group: string): Verdict {
  if (group.startsWith(POLLING_GROUP_PREFIX)) return notCovered('an event source mapping of Causeway reads with it');
  return judge(group, 'groups', include, exclude);
}
