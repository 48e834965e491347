import { counted } from '../../counted.ts';
import type { FlowStatus } from '../../status/assess.ts';
import type { GroupStatus } from '../../status/group-status.ts';
import type { Lag } from '../../status/lag.ts';
import { ReadBy, type Reading } from '../../status/reading.ts';
import type { Rates } from '../../status/trend.ts';
import { describeRun } from '../runbook/run-words.ts';
import { describeDuration } from '../terminal/duration.ts';

/** Below so many records a second nothing is said to grow or to shrink. */
const STEADY = 0.5;

/** How far behind, in words. */
export function behind({ records, seconds, agesNotKnown = 0 }: Lag): string {
  if (records === undefined) return 'not known';
  if (records === 0) return 'nothing behind';
  const least = agesNotKnown > 0 ? 'at least ' : '';
  return `${counted(records, 'record')}, ${seconds === undefined ? 'age not known' : `${least}${seconds} s`} behind`;
}

/** Where a group would begin on the target. */
export function onTarget(target: string, { partitions, translated, onTarget: on }: GroupStatus): string {
  const { synced, active, unlisted, inPlace } = on;
  if (active) return `active on ${target}`;
  if (unlisted) return 'new, and carried over once groups are listed anew (refresh.groups)';
  const [count, place] = synced ? [inPlace, `at its place on ${target}`] : [translated, 'translated'];
  if (count === partitions && partitions > 0) return place;
  return `${count} of ${counted(partitions, 'partition')} ${place}`;
}

/** Who read it when, and why not from here; undefined of a reading from here that needs no remark. */
export function howRead({ readBy, ageSeconds, because }: Reading): string | undefined {
  if (readBy === ReadBy.Here) return because;
  const when = `by monitor ${describeDuration(ageSeconds)} ago`;
  return because === undefined ? when : `${when}: ${because}`;
}

/** Which runbook was run last, how it ended, and who or what started it why. */
export function lastRun(run: NonNullable<Reading['lastRun']>): string {
  return 'because' in run ? `not known: ${run.because}` : describeRun(run);
}

/** How many topics and groups there are, as far as that is known. */
export function counts({ topics, groups, asked }: FlowStatus): string {
  const unknown = new Set(asked.flatMap(({ name, error }) => (error === undefined ? [] : [name])));
  const count = (of: readonly unknown[], noun: string, from: readonly string[]) =>
    of.length === 0 && from.some((name) => unknown.has(name)) ? `${noun}s not known` : counted(of.length, noun);
  return `${count(topics, 'topic', ['offset map'])}, ${count(groups, 'group', ['offset map', 'groups'])}`;
}

/** `5120/s replicated; catching up by 300/s, level in 40 s`: records. */
export function trendOf(rates: Rates): string {
  const { copied, growth, secondsLeft } = rates;
  const replicated = copied === undefined ? [] : [`${perSecond(copied)}/s replicated`];
  const end = secondsLeft === undefined ? '' : `, level in ${describeDuration(secondsLeft)}`;
  return [...replicated, `${describeGrowth(growth)}${Math.abs(growth) < STEADY ? '' : end}`].join('; ');
}

function describeGrowth(growth: number): string {
  if (Math.abs(growth) < STEADY) return 'steady';
  return growth > 0 ? `falling behind by ${perSecond(growth)}/s` : `catching up by ${perSecond(-growth)}/s`;
}

/** Of slow flows a tenth matters. */
function perSecond(rate: number): string {
  return rate < 10 ? String(Math.round(rate * 10) / 10) : String(Math.round(rate));
}
