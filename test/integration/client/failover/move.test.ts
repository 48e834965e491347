import kafkajs from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createFailoverKafka } from '../../../../shared/client/failover/create.ts';
import { MemoryRegistry } from '../../../../shared/client/failover/registry/memory.ts';
import { eventually, uniqueName } from '../../kafka/target.ts';
import { outOfOrder, Traffic } from './traffic.ts';
import { committed, configOf, copyTopic, createTopics, moveGroup, PARTITIONS, recordsIn } from './two-clusters.ts';

vi.setConfig({ testTimeout: 120_000 });

async function scene() {
  const [topic, group] = [uniqueName('orders'), uniqueName('billing')];
  const remoteTopic = `us-east.${topic}`;
  await createTopics('us-east', topic);
  await createTopics('us-west', topic, remoteTopic);
  const registry = new MemoryRegistry();
  const kafka = createFailoverKafka({
    flow: { source: 'us-east', target: 'us-west' },
    clusters: { 'us-east': configOf('us-east'), 'us-west': configOf('us-west') },
    registry,
    pollMs: 100,
    logLevel: kafkajs.logLevel.NOTHING,
  });
  onTestFinished(() => kafka.close());
  const events: string[] = [];
  for (const event of ['fenced', 'moved', 'resumed', 'consumer-joined', 'consumer-left', 'consumer-failed'] as const)
    kafka.on(event, (told) => events.push('cluster' in told ? `${event} ${told.cluster}` : event));
  const happens = (event: string, times = 1) =>
    eventually(
      async () => events,
      (seen) => seen.filter((each) => each === event).length >= times,
      60_000,
    );
  return { topic, remoteTopic, group, registry, kafka, events, happens };
}

test('a fence, an undo and a move lose nothing, write nothing twice and keep the order of each key', async () => {
  const { topic, remoteTopic, group, registry, kafka, events, happens } = await scene();
  const consumed: { readonly id: string; readonly from: string }[] = [];
  const consumer = kafka.consumer({ groupId: group });
  await consumer.subscribe({ topics: [topic] });
  await consumer.run({
    eachMessage: async ({ topic: name, clusterTopic, cluster, message }) => {
      expect(name).toBe(topic);
      consumed.push({ id: String(message.value), from: `${cluster} ${clusterTopic}` });
    },
  });
  await happens('consumer-joined us-east');
  const producer = kafka.producer();
  await producer.connect();
  const traffic = new Traffic(producer, topic);
  const acknowledged = (count: number) =>
    eventually(
      async () => traffic.acknowledged.length,
      (seen) => seen >= count,
    );
  await acknowledged(500);

  // Undone: the same cluster serves again.
  registry.set({ active: 'us-east', clients: 'producers-fenced' });
  await happens('fenced us-east');
  registry.set({ clients: 'clients-fenced' });
  await happens('consumer-left us-east');
  registry.set({ clients: 'serving' });
  await happens('consumer-joined us-east', 2);
  await acknowledged(traffic.acknowledged.length + 500);

  // Moved.
  registry.set({ clients: 'producers-fenced' });
  await happens('fenced us-east', 3);
  await eventually(
    async () => JSON.stringify([traffic.acknowledged.length, await lengthsOf('us-east', topic)]),
    standsStill(),
  );
  const atFence = traffic.acknowledged.length;
  const fencedEnds = await lengthsOf('us-east', topic);
  await copyTopic('us-east', topic, 'us-west', remoteTopic);
  registry.set({ clients: 'clients-fenced' });
  await happens('consumer-left us-east', 2);
  const left = consumed.length;
  expect(sum(await committed('us-east', group, topic))).toBe(left);
  await moveGroup('us-east', topic, 'us-west', remoteTopic, group);
  expect(traffic.given).toBeGreaterThan(atFence);
  registry.set({ active: 'us-west', clients: 'serving' });
  await acknowledged(atFence + 1_000);
  await traffic.stop();
  await eventually(
    async () => consumed.length,
    (seen) => seen >= traffic.acknowledged.length,
    60_000,
  );

  const [east, west] = [await recordsIn('us-east', topic), await recordsIn('us-west', topic)];
  const written = [...east, ...west].flat().map(({ value }) => String(value && Buffer.from(value)));
  expect(traffic.failed).toEqual([]);
  expect(await lengthsOf('us-east', topic)).toEqual(fencedEnds);
  expect(written).toHaveLength(traffic.given);
  expect(new Set(written)).toEqual(new Set(traffic.acknowledged));
  expect(outOfOrder(written)).toEqual([]);
  expect(consumed).toHaveLength(traffic.given);
  expect(new Set(consumed.map(({ id }) => id))).toEqual(new Set(traffic.acknowledged));
  expect(outOfOrder(consumed.slice(0, left).map(({ id }) => id))).toEqual([]);
  expect(new Set(consumed.slice(left).map(({ from }) => from))).toEqual(new Set([`us-west ${topic}`]));
  expect(events.filter((event) => event.startsWith('consumer-failed'))).toEqual([]);
  expect(east).toHaveLength(PARTITIONS);
});

async function lengthsOf(alias: 'us-east' | 'us-west', topic: string): Promise<readonly number[]> {
  return (await recordsIn(alias, topic)).map((records) => records.length);
}

/** Met when what is seen is what was seen the time before. */
function standsStill(): (seen: string) => boolean {
  let before: string | undefined;
  return (seen) => {
    const isSame = seen === before;
    before = seen;
    return isSame;
  };
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((all, each) => all + (each ?? 0), 0);
}
