import type { NameMatcher } from './name-list.ts';
import { judge, type Verdict } from './verdict.ts';

/** Groups that a flow leaves out unless `groups.exclude` says otherwise (MirrorMaker 2, `DefaultGroupFilter`). */
export const DEFAULT_GROUPS_EXCLUDE = ['console-consumer-.*', 'connect-.*', '__.*'] as const;

/** Whether a flow carries over the offsets of the consumer group `group`. */
export function selectGroup(include: NameMatcher, exclude: NameMatcher, group: string): Verdict {
  return judge(group, 'groups', include, exclude);
}
