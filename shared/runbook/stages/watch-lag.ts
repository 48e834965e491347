import { z } from 'zod';
import { isTold } from '../../groups/committed-offsets.ts';
import { selectGroups } from '../../groups/select.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { listed } from './errors.ts';
import { passed, waiting, warned } from './outcome.ts';
import { partitionsOf } from './partitions.ts';
import { ifItAnswers } from './poll.ts';

type Ports = Pick<RunbookPorts, 'to' | 'forward' | 'backward' | 'rules' | 'clock' | 'settings'>;

/** The first look, as it is kept in the evidence until the second. */
const firstLook = z.object({ at: z.number(), lags: z.record(z.string(), z.number()) });

/** Looks at the lag of the moved groups twice. Nothing is undone by what it finds: applications have moved. */
export const watchLag: Stage<Ports> = async (run, ports, { last, until }) => {
  const { clock, settings } = ports;
  if (run.dryRun) return passed('the lag of the groups would be looked at twice');
  const first = firstLook.safeParse(last).data;
  if (first === undefined) {
    const [at, lags] = [clock.now(), await lagsOf(ports)];
    return waiting('looked once', { at, lags: Object.fromEntries(lags) });
  }
  const dueAt = first.at + settings.lagPauseMs;
  if (clock.now() < dueAt) await clock.wait(Math.min(dueAt, until) - clock.now());
  if (clock.now() < dueAt) return waiting('looked once', first);
  const lags = await lagsOf(ports);
  const changes = [...lags].map(([group, now]) => ({ group, before: first.lags[group] ?? now, now }));
  const rising = changes.filter(({ before, now }) => now > before).map(describe);
  const staying = changes.filter(({ before, now }) => now > 0 && now === before).map(describe);
  const evidence = { ...first, lags: first.lags, secondAt: clock.now(), groups: changes };
  const remarks = [
    ...(rising.length > 0 ? [`not consuming, their lag rises: ${listed(rising)}`] : []),
    ...(staying.length > 0 ? [`their lag stays: ${listed(staying)}`] : []),
  ];
  if (remarks.length > 0) return warned(remarks.join('; '), evidence);
  return passed(`${changes.length} groups have caught up or are catching up`, evidence);
};

function describe({ group, before, now }: { readonly group: string; readonly before: number; readonly now: number }) {
  return `${group} ${before} to ${now} records`;
}

/** Of each group that has an offset in a topic that a flow has, how many records it has not consumed. */
async function lagsOf({ to, forward, backward, rules }: Ports): Promise<ReadonlyMap<string, number>> {
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
  const lags = new Map<string, number>();
  for (const { group, topic, partition, offset } of positions) {
    const log = ends.get(topic)?.get(partition);
    const lag = log && isTold(log) ? Math.max(0, log.logEnd - offset) : 0;
    lags.set(group, (lags.get(group) ?? 0) + lag);
  }
  return lags;
}
