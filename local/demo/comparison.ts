import { TRAFFIC } from '../applications/traffic.ts';
import { kafkaAt } from '../kafka/clients.ts';
import type { ClusterAddress } from '../region/addresses.ts';
import { step } from '../setup/steps.mjs';
import { Copies } from './copies.ts';
import { openOffsetMap } from './offset-map.ts';
import { type PartitionProof, provePartition } from './proof.ts';
import { reaches } from './reaches.ts';
import { followAll, NEW_TOPIC_MS, type Scene } from './scene.ts';

/** One record in so many has its offsets looked up, both ways. */
export const SAMPLE_EVERY = 7;
const READ_AGAIN_MS = 60_000;

/** What one flow has copied, against what is on its source. */
export interface FlowComparison {
  /** `us-east->us-west` */
  readonly flow: string;
  readonly partitions: readonly PartitionProof[];
}

interface Sides {
  readonly from: ClusterAddress;
  readonly to: ClusterAddress;
  readonly originals: Copies;
  readonly copies: Copies;
}

/**
 * Reads both clusters' own topics from their start, and compares each record with its copy, once nobody writes any more. The
 * first of the two is the flow from the source.
 *
 * @throws Error when copies do not come to an end
 */
export async function compareFlows({ address, source, target, copies }: Scene): Promise<readonly FlowComparison[]> {
  const originalsOf = (cluster: ClusterAddress) =>
    new Copies(kafkaAt(cluster.bootstrapServers, 'reader-of-originals'), 'demo-originals');
  const back = new Copies(kafkaAt(source.bootstrapServers, 'reader-of-copies'), 'demo-copies');
  const flows: readonly Sides[] = [
    { from: source, to: target, originals: originalsOf(source), copies },
    { from: target, to: source, originals: originalsOf(target), copies: back },
  ];
  const topics = TRAFFIC.map(({ name }) => name);
  try {
    await step('both clusters read again', () =>
      Promise.all([
        followAll(back, target, topics),
        ...flows.map(async ({ originals }) => {
          await Promise.all(topics.map((topic) => originals.follow(topic, topic, NEW_TOPIC_MS)));
          await originals.readToEnd(READ_AGAIN_MS);
        }),
      ]),
    );
    const counted = (of: 'originals' | 'copies') => flows.reduce((sum, each) => sum + each[of].count, 0);
    await step(
      'the last copies have come',
      () => reaches(() => counted('copies'), counted('originals'), 'copied'),
      () => `${counted('copies')} of ${counted('originals')}`,
    );
    return await step('records and offsets compared', () =>
      Promise.all(flows.map((sides) => compare({ ...address, clusters: [sides.from, sides.to] }, sides))),
    );
  } finally {
    await Promise.all([back, ...flows.map(({ originals }) => originals)].map((each) => each.stop()));
  }
}

async function compare(
  address: Parameters<typeof openOffsetMap>[0],
  { from, to, originals, copies }: Sides,
): Promise<FlowComparison> {
  const map = openOffsetMap(address);
  const partitions = TRAFFIC.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, async (_, partition) => {
      const translation = await map.translation(name, partition);
      const here = originals.readers.get(name)?.records.get(partition) ?? [];
      const there = copies.readers.get(name)?.records.get(partition) ?? [];
      return provePartition(`${name}-${partition}`, here, there, translation, SAMPLE_EVERY);
    }),
  );
  return { flow: `${from.alias}->${to.alias}`, partitions: await Promise.all(partitions) };
}
