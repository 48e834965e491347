import type { NameMatcher } from './name-list.ts';
import { covered, naming, notCovered, type Verdict } from './verdict.ts';

/** Topic settings that are not synced unless `config.properties.exclude` says otherwise (MirrorMaker 2). */
export const DEFAULT_CONFIG_PROPERTIES_EXCLUDE = [
  'follower\\.replication\\.throttled\\.replicas',
  'leader\\.replication\\.throttled\\.replicas',
  'message\\.timestamp\\.difference\\.max\\.ms',
  'message\\.timestamp\\.type',
  'unclean\\.leader\\.election\\.enable',
  'min\\.insync\\.replicas',
] as const;

/** Whether the topic setting `name` is copied to remote topics. */
export function selectConfigProperty(exclude: NameMatcher, name: string): Verdict {
  return exclude.matches(name)
    ? notCovered(`excluded by ${naming(name, 'config.properties.exclude', exclude)}`)
    : covered('not excluded by config.properties.exclude');
}
