import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import type { ActiveProducer, ByPartition } from '../ports/cluster.ts';
import type { Heads } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { listed, UnroutedProducer } from './errors.ts';
import { type Growth, growthOver } from './growth.ts';
import { passed, stopped, waiting, warned } from './outcome.ts';
import { onSource, partitionsOf } from './partitions.ts';
import { ifItAnswers } from './poll.ts';
import { describeGrowth, writersOf, writtenBy } from './writers.ts';

type Ports = Pick<RunbookPorts, 'registry' | 'from' | 'forward' | 'backward' | 'clock' | 'settings'>;

/**
 * Fences producers in the registry, and sees for itself that nobody writes any more: those that follow the registry have
 * some seconds to hear of it, and whoever writes after that does not follow it.
 */
export const fenceWriters: Stage<Ports> = async (run, ports, time) => {
  const { registry, clock, settings } = ports;
  if (run.dryRun) return passed('producers would be fenced, and the ends of all partitions watched');
  const { changedAt } = await registry.fenceProducers(run.generation);
  if (run.emergency) return inEmergency(ports);
  const partitions = await partitionsOf(ports.forward);
  const shared = await sharedWith(ports, partitions);
  for (;;) {
    const look = await lookAt(ports, partitions, shared);
    const outcome = judge(ports, look, run.way.from, partitions.length, changedAt);
    if (outcome.kind !== 'waiting' || clock.now() + settings.writersFlatMs >= time.until) return outcome;
  }
};

/** Nobody waits for a cluster that is gone. */
async function inEmergency({ from, forward, clock, settings }: Ports): Promise<StageOutcome> {
  const partitions = await partitionsOf(forward);
  const watched = await ifItAnswers(growthOver(from.cluster, partitions.map(onSource), settings.writersFlatMs, clock));
  const unproven = 'producers are fenced in the registry';
  if (watched === undefined) return passed(`${unproven}; the source does not answer, so that nothing more can be seen`);
  const { grown, untold } = watched;
  const evidence = { grown, untold };
  if (grown.length === 0 && untold.length === 0) return passed(`${unproven}, and its logs stay as they are`, evidence);
  const writes = grown.map(({ topic, partition, records }) => `${topic}-${partition} grew by ${records} records`);
  return warned(`${unproven}; ${listed([...writes, ...untold])}`, evidence);
}

interface Look {
  /** What nobody who is known wrote. */
  readonly grown: readonly Growth[];
  readonly untold: readonly string[];
  readonly said: readonly string[];
}

async function lookAt(
  { from, clock, settings }: Ports,
  partitions: readonly FlowPartition[],
  shared: Heads,
): Promise<Look> {
  const { cluster } = from;
  const places = partitions.map(onSource);
  // Without the right to ask for producers they have no names, and the fence is as good.
  const before = (await ifItAnswers(cluster.producers(places))) ?? NOBODY;
  const { grown: all, untold } = await growthOver(cluster, places, settings.writersFlatMs, clock);
  if (all.length === 0) return { grown: [], untold, said: [] };
  const after = (await ifItAnswers(cluster.producers(all))) ?? NOBODY;
  const grown = all.flatMap((each) => {
    const records = each.records - copiedInto(each, shared, before, after);
    return records > 0 ? [{ ...each, records }] : [];
  });
  const ids = grown.length === 0 ? undefined : await ifItAnswers(cluster.transactionalIds());
  const said = grown.map((each) => describeGrowth(each, writersOf(each, before, after), ids ?? new Map()));
  return { grown, untold, said };
}

const NOBODY: ByPartition<readonly ActiveProducer[]> = new Map();

function judge(
  { clock, settings }: Ports,
  { grown, untold, said }: Look,
  cluster: string,
  partitions: number,
  fencedAt: number,
): StageOutcome {
  const evidence = { fencedAt, windowMs: settings.writersFlatMs, partitions, grown, untold };
  if (grown.length > 0) {
    if (clock.now() >= fencedAt + settings.writersSettleMs)
      return stopped(new UnroutedProducer(cluster, said), evidence);
    return waiting(`producers finish what they had begun: ${listed(said)}`, evidence);
  }
  if (untold.length > 0) return waiting(`not every partition tells its end: ${listed(untold)}`, evidence);
  return passed(`${partitions} partitions stayed as they were for ${settings.writersFlatMs / 1_000} s`, evidence);
}

/** Where the flow that comes back stands in topics that both flows copy under one name: what it writes is no application's. */
async function sharedWith({ backward }: Ports, partitions: readonly FlowPartition[]): Promise<Heads> {
  if (backward === undefined) return new Map();
  const ours = new Set(partitions.map(describeTopicPartition));
  const theirs = await partitionsOf(backward);
  const shared = theirs.filter(({ remoteTopic, partition }) =>
    ours.has(describeTopicPartition({ topic: remoteTopic, partition })),
  );
  if (shared.length === 0) return new Map();
  const heads = await backward.heads(shared);
  const remoteTopics = new Map(shared.map(({ topic, remoteTopic }) => [topic, remoteTopic]));
  return new Map([...heads].map(([topic, ofTopic]) => [remoteTopics.get(topic) ?? topic, ofTopic]));
}

/** Records that the flow which comes back wrote; all of them where it was taken over just then, to be looked at again. */
function copiedInto(
  growth: Growth,
  shared: Heads,
  before: ByPartition<readonly ActiveProducer[]>,
  after: ByPartition<readonly ActiveProducer[]>,
): number {
  const head = shared.get(growth.topic)?.get(growth.partition);
  if (head === undefined || !isTold(head)) return 0;
  return writtenBy(head.producerId, growth, before, after) ?? growth.records;
}
