import { z } from 'zod';
import { isTold } from '../../groups/committed-offsets.ts';
import { selectGroups } from '../../groups/select.ts';
import { describeConsumer } from '../consumers/consumer-id.ts';
import { notRunning } from '../consumers/not-running.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed } from './errors.ts';
import { passed, waiting, warned } from './outcome.ts';
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

/** A group whose lag rises by less than this share of what was written meanwhile keeps pace: commits come in steps. */
const PACE = 0.2;

/** Looks at the lag of the moved groups twice. Nothing is undone by what it finds: applications have moved. */
export const watchLag: Stage<Ports> = async (run, ports, { last, until }) => {
  const { clock, settings } = ports;
  if (run.dryRun) return passed('the lag of the groups would be looked at twice');
  const look = firstLook.safeParse(last).data;
  if (look === undefined) {
    const [at, groups] = [clock.now(), await groupsOf(ports)];
    return waiting('looked once', { at, first: Object.fromEntries(groups) });
  }
  const dueAt = look.at + settings.lagPauseMs;
  if (clock.now() < dueAt) await clock.wait(Math.min(dueAt, until) - clock.now());
  if (clock.now() < dueAt) return waiting('looked once', look);
  const [groups, disabled = []] = await Promise.all([groupsOf(ports), ifItAnswers(notRunning(ports))]);
  const changes = [...groups].map(([group, now]) => ({ group, before: look.first[group] ?? now, now }));
  const saying = (trend: Trend) => changes.filter((each) => trendOf(each) === trend).map(describe);
  const [rising, staying] = [saying('rises'), saying('stays')];
  const evidence = { at: look.at, secondAt: clock.now(), groups: changes };
  const remarks = [
    ...(rising.length > 0 ? [`not consuming as fast as is written, their lag rises: ${listed(rising)}`] : []),
    ...(staying.length > 0 ? [`not consuming, their lag stays: ${listed(staying)}`] : []),
    ...(disabled.length > 0 ? [`Lambda consumers are not enabled yet: ${listed(disabled.map(describeConsumer))}`] : []),
  ];
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

/** Each group that has an offset in a topic that a flow has. */
async function groupsOf({ to, forward, backward, rules }: Ports): Promise<ReadonlyMap<string, Progress>> {
  const { selected } = selectGroups(await to.groups.list(), rules);
  // The map of the flow that comes back may be lost with the cluster that was left.
  const [there, back = []] = await Promise.all([
    partitionsOf(forward),
    backward && ifItAnswers(partitionsOf(backward)),
  ]);
  const topics = new Set([...there.map(({ remoteTopic }) => remoteTopic), ...back.map(({ topic }) => topic)]);
  const positions = [...(await to.groups.committed(selected))].flatMap(([group, told]) =>
    isTold(told)
      ? [...told].flatMap(([topic, partitions]) =>
          [...partitions].flatMap(([partition, at]) =>
            topics.has(topic) && isTold(at) ? [{ group, topic, partition, offset: at.offset }] : [],
          ),
        )
      : [],
  );
  const ends = await to.cluster.ends(positions);
  const groups = new Map<string, Progress>();
  for (const { group, topic, partition, offset } of positions) {
    const log = ends.get(topic)?.get(partition);
    const { lag, consumed } = groups.get(group) ?? { lag: 0, consumed: 0 };
    const more = log && isTold(log) ? Math.max(0, log.logEnd - offset) : 0;
    groups.set(group, { lag: lag + more, consumed: consumed + offset });
  }
  return groups;
}
