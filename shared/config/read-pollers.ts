import type { Flow } from './flow-schema.ts';
import { isPollerGroup, MOST_POLLERS_IN_FULL_GROUP } from './poller-group.ts';
import type { Report } from './report.ts';
import type { SettingReader } from './setting-reader.ts';

/** How Lambda's pollers are provisioned; nothing where it is left to Lambda. */
export function readPollers(read: SettingReader, report: Report): Pick<Flow['delivery'], 'pollers'> {
  const group = read.text('causeway.pollers.group');
  const groupAt = read.at('causeway.pollers.group');
  const isOnDemand = read.choice('causeway.pollers.mode', ['provisioned', 'on-demand']) === 'on-demand';
  if (isOnDemand && groupAt !== undefined) report.warn(groupAt, 'not used: on-demand pollers are in no group');
  if (isOnDemand) return {};
  if (group !== undefined && groupAt !== undefined && !isPollerGroup(group))
    report.fault(groupAt, 'a name of up to 128 letters, digits, dashes and underscores');
  const minimum = read.number('causeway.pollers.minimum');
  const isShared = group !== undefined && read.at('causeway.pollers.maximum') === undefined;
  const maximum = isShared ? MOST_POLLERS_IN_FULL_GROUP : read.number('causeway.pollers.maximum');
  const at = read.at('causeway.pollers.minimum') ?? read.at('causeway.pollers.maximum');
  const what = isShared ? `${maximum} in a group: causeway.pollers.maximum says another` : `${maximum}`;
  if (minimum > maximum && at !== undefined)
    report.fault(at, `causeway.pollers.minimum to be at most the maximum, ${what}`);
  return { pollers: { minimum, maximum, ...(group !== undefined && { group }) } };
}
