import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import type { ActiveProducer, ByPartition } from '../ports/cluster.ts';
import type { Heads } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { type Growth, growthOver } from './growth.ts';
import { onSource, partitionsOf } from './partitions.ts';
import { ifItAnswers } from './poll.ts';
import { describeGrowth, writersOf, writtenBy } from './writers.ts';

type Ports = Pick<RunbookPorts, 'from' | 'backward' | 'clock' | 'settings'>;

/** What became of the partitions of the cluster that is left within one window. */
export interface Look {
  /** What nobody who is known wrote. */
  readonly grown: readonly Growth[];
  readonly untold: readonly string[];
  /** The same as `grown`, with the producers. */
  readonly said: readonly string[];
}

/** @param shared of {@link sharedWith} */
export async function lookAt(
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

/** Where the flow that comes back stands in topics that both flows copy under one name: what it writes is no application's. */
export async function sharedWith({ backward }: Ports, partitions: readonly FlowPartition[]): Promise<Heads> {
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
