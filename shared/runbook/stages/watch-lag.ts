import { z } from 'zod';
import { isTold } from '../../groups/committed-offsets.ts';
import { selectGroups } from '../../groups/select.ts';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import { describeConsumer } from '../consumers/consumer-id.ts';
import { notRunning } from '../consumers/not-running.ts';
import { describeSilence } from '../groups/known-offsets.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed } from './errors.ts';
import { failed, passed, waiting, warned } from './outcome.ts';
import { partitionsOf } from './partitions.ts';
import { ifItAnswers } from './poll.ts';

type Ports = Pick<RunbookPorts, 'to' | 'forward' | 'backward' | 'rules' | 'consumers' | 'clock' | 'settings'>;

const progress = z.object({
  /** Records that are not consumed. */
  lag: z.number(),
  /** Of all its partitions together, the offset that is committed. */
  consumed: z.number(),
});
type Progress = z.infer<typeof progress>;

/** The first look, as it is kept in the evidence until the second. */
const firstLook = z.object({ at: z.number(), first: z.record(z.string(), progress) });

/** A second look that begins later in its call is left to the next one: logs may have to be read. */
const SECOND_LOOK_MS = 1_500;

/** Groups whose logs are read at a time, to see whether what is left of them holds a record. */
const READ_AT_ONCE = 8;

/** A group whose lag rises by less than this share of what was written meanwhile keeps pace: commits come in steps. */
const PACE = 0.2;

/**
 * Looks at the lag of the moved groups twice: PASS where it falls, WARN where it stays, FAIL where it rises. Nothing is undone
 * by what it finds: applications have moved.
 */
export const watchLag: Stage<Ports> = async (run, ports, { last, until }) => {
  const { clock, settings } = ports;
  if (run.dryRun) return passed('the lag of the groups would be looked at twice');
  const look = firstLook.safeParse(last).data;
  if (look === undefined) {
    const [at, groups] = [clock.now(), progressOf((await positionsOf(ports)).positions)];
    return waiting('looked once', { at, first: Object.fromEntries(groups) });
  }
  const dueAt = look.at + settings.lagPauseMs;
  if (clock.now() < dueAt) await clock.wait(Math.min(dueAt, until) - clock.now());
  if (clock.now() < dueAt || clock.now() + SECOND_LOOK_MS > until) return waiting('looked once', look);
  const [{ positions, untold }, disabled = []] = await Promise.all([
    positionsOf(ports),
    ifItAnswers(notRunning(ports)),
  ]);
  const groups = [...progressOf(positions)];
  const changes = groups.map(([group, now]) => ({ group, before: look.first[group] ?? now, now }));
  const saying = (trend: Trend) => changes.filter((each) => trendOf(each) === trend);
  const done = await withoutRecords(saying('stays'), positions, ports, until);
  const rising = saying('rises').map(describe);
  const staying = saying('stays')
    .filter(({ group }) => !done.has(group))
    .map(describe);
  const evidence = { at: look.at, secondAt: clock.now(), groups: changes, untold };
  const remarks = [
    ...(rising.length > 0 ? [`not consuming as fast as is written, their lag rises: ${listed(rising)}`] : []),
    ...(staying.length > 0 ? [`not consuming, their lag stays: ${listed(staying)}`] : []),
    ...(untold.length > 0 ? [`not told: ${listed(untold)}`] : []),
    ...(disabled.length > 0 ? [`Lambda consumers are not enabled yet: ${listed(disabled.map(describeConsumer))}`] : []),
  ];
  if (rising.length > 0) return failed(remarks.join('; '), evidence);
  if (remarks.length > 0) return warned(remarks.join('; '), evidence);
  return passed(`${changes.length} groups have caught up, are catching up or keep pace`, evidence);
};

interface Change {
  readonly group: string;
  readonly before: Progress;
  readonly now: Progress;
}

/** good: nothing is left, less is left, or it keeps pace with what is written. */
type Trend = 'good' | 'stays' | 'rises';

function trendOf({ before, now }: Change): Trend {
  if (now.lag === 0 || now.lag < before.lag) return 'good';
  const consumed = now.consumed - before.consumed;
  const risen = now.lag - before.lag;
  if (consumed > 0 && risen <= PACE * (consumed + risen)) return 'good';
  return risen > 0 ? 'rises' : 'stays';
}

function describe({ group, before, now }: Change): string {
  return `${group} ${before.lag} to ${now.lag} records`;
}

/** Where a group is in one partition. */
interface Position extends TopicPartition {
  readonly group: string;
  readonly offset: number;
  /** Offsets from there to the end of the log. */
  readonly left: number;
  readonly logStart: number;
}

interface Positions {
  /** Of groups of which all is told: the lag of a part would seem to rise when the rest is told again. */
  readonly positions: readonly Position[];
  /** Brokers that did not tell their groups, and groups that are left out, with why. */
  readonly untold: readonly string[];
}

/** Of each group that has an offset in a topic that a flow has. */
async function positionsOf({ to, forward, backward, rules }: Ports): Promise<Positions> {
  const listing = await to.groups.list();
  const { selected } = selectGroups(listing, rules);
  // The map of the flow that comes back may be lost with the cluster that was left.
  const [there, back = []] = await Promise.all([
    partitionsOf(forward),
    backward && ifItAnswers(partitionsOf(backward)),
  ]);
  const topics = new Set([...there.map(({ remoteTopic }) => remoteTopic), ...back.map(({ topic }) => topic)]);
  const committed = [...(await to.groups.committed(selected))];
  const positions = committed.flatMap(([group, told]) =>
    isTold(told)
      ? [...told].flatMap(([topic, partitions]) =>
          [...partitions].flatMap(([partition, at]) =>
            topics.has(topic) && isTold(at) ? [{ group, topic, partition, offset: at.offset }] : [],
          ),
        )
      : [],
  );
  const ends = await to.cluster.ends(positions);
  const untold = new Map(committed.flatMap(([group, told]) => (isTold(told) ? [] : [[group, told.code]])));
  const known = positions.flatMap((position) => {
    const log = ends.get(position.topic)?.get(position.partition) ?? { code: 'NOT_ANSWERED' };
    if (isTold(log)) return [{ ...position, left: Math.max(0, log.logEnd - position.offset), logStart: log.logStart }];
    untold.set(position.group, `${describeTopicPartition(position)} ${log.code}`);
    return [];
  });
  const names = [...untold].map(([group, why]) => `${group}: ${why}`);
  return {
    positions: known.filter(({ group }) => !untold.has(group)),
    untold: [...listing.silentBrokers.map(describeSilence), ...names],
  };
}

function progressOf(positions: readonly Position[]): ReadonlyMap<string, Progress> {
  const groups = new Map<string, Progress>();
  for (const { group, offset, left } of positions) {
    const { lag, consumed } = groups.get(group) ?? { lag: 0, consumed: 0 };
    groups.set(group, { lag: lag + left, consumed: consumed + offset });
  }
  return groups;
}

/**
 * Those of the groups that have no record left. Whoever commits the offset after its last record, as Lambda does, never gets
 * past a marker at the end of a log, and `stop-flow` leaves one in each.
 */
async function withoutRecords(
  changes: readonly Change[],
  positions: readonly Position[],
  { to, clock }: Pick<Ports, 'to' | 'clock'>,
  until: number,
): Promise<ReadonlySet<string>> {
  const inTime = () => clock.now() < until;
  const found = await sideBySide(
    changes,
    async ({ group }) => {
      for (const each of positions.filter(({ group: of, left }) => of === group && left > 0)) {
        const from = Math.max(each.offset, each.logStart);
        const first = inTime() ? await ifItAnswers(to.cluster.records(each, from, 1)) : undefined;
        if (first?.length !== 0) return [];
      }
      return [group];
    },
    inTime,
    READ_AT_ONCE,
  );
  return new Set(found.flat());
}
