import kafkajs from 'kafkajs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createFailoverKafka } from '../../../../shared/client/failover/create.ts';
import { DeliveryUnknownError } from '../../../../shared/client/failover/errors.ts';
import { MemoryRegistry } from '../../../../shared/client/failover/registry/memory.ts';
import { eventually, uniqueName } from '../../kafka/target.ts';
import { BreakableNetwork } from './breakable-network.ts';
import { outOfOrder, Traffic } from './traffic.ts';
import { configOf, createTopics, recordsIn } from './two-clusters.ts';

vi.setConfig({ testTimeout: 120_000 });

/** A producer whose way to its home cluster can be broken. */
async function scene() {
  const topic = uniqueName('orders');
  await createTopics('us-east', topic);
  await createTopics('us-west', topic);
  const network = new BreakableNetwork();
  const registry = new MemoryRegistry({ active: 'us-east', clients: 'serving', generation: 1, changedAt: 1 });
  const kafka = createFailoverKafka({
    flow: { source: 'us-east', target: 'us-west' },
    clusters: {
      'us-east': { ...configOf('us-east'), requestTimeout: 1_000, socketFactory: network.socketFactory },
      'us-west': configOf('us-west'),
    },
    registry,
    pollMs: 100,
    logLevel: kafkajs.logLevel.NOTHING,
  });
  onTestFinished(() => kafka.close());
  const producer = kafka.producer({ settleMs: 1_000 });
  await producer.connect();
  const traffic = new Traffic(producer, topic);
  const acknowledged = (count: number) =>
    eventually(
      async () => traffic.acknowledged.length,
      (seen) => seen >= count,
    );
  const given = (count: number) =>
    eventually(
      async () => traffic.given,
      (seen) => seen >= count,
    );
  return { topic, network, registry, traffic, acknowledged, given };
}

async function idsIn(alias: 'us-east' | 'us-west', topic: string): Promise<readonly string[]> {
  return (await recordsIn(alias, topic)).flat().map(({ value }) => String(value && Buffer.from(value)));
}

test('a cluster whose answers are lost for a while has every message once, in the order of its key', async () => {
  const { topic, network, traffic, acknowledged, given } = await scene();
  for (const round of [1, 2, 3]) {
    await acknowledged(round * 300);
    network.silence();
    await given(traffic.given + 200);
    network.mend();
  }
  await acknowledged(traffic.acknowledged.length + 300);
  await traffic.stop();

  const written = await idsIn('us-east', topic);
  expect(traffic.failed).toEqual([]);
  expect(written).toHaveLength(traffic.given);
  expect(new Set(written)).toEqual(new Set(traffic.acknowledged));
  expect(outOfOrder(written)).toEqual([]);
});

test('a cluster that is lost keeps at most one request a partition in doubt, and none of it is sent to the other', async () => {
  const { topic, network, registry, traffic, acknowledged, given } = await scene();
  await acknowledged(500);
  network.silence();
  await given(traffic.given + 200);
  network.breakDown();
  await given(traffic.given + 200);
  registry.set({ clients: 'producers-fenced' });
  await given(traffic.given + 200);
  registry.set({ active: 'us-west', clients: 'serving' });
  await acknowledged(traffic.acknowledged.length + 1_000);
  await traffic.stop();

  const [east, west] = [await idsIn('us-east', topic), await idsIn('us-west', topic)];
  const inDoubt = traffic.failed.map(({ id }) => id);
  expect(traffic.failed.every(({ error }) => error instanceof DeliveryUnknownError)).toBe(true);
  expect(inDoubt.length).toBeGreaterThan(0);
  expect(new Set([...east, ...west]).size).toBe(east.length + west.length);
  expect(traffic.acknowledged.filter((id) => !east.includes(id) && !west.includes(id))).toEqual([]);
  expect(inDoubt.filter((id) => west.includes(id))).toEqual([]);
  // The broker has messages of which nobody was told; the application knows for each that it may be one of them.
  const unacknowledged = east.filter((id) => !traffic.acknowledged.includes(id));
  expect(unacknowledged.length).toBeGreaterThan(0);
  expect(unacknowledged.filter((id) => !inDoubt.includes(id))).toEqual([]);
  expect(outOfOrder([...east])).toEqual([]);
  expect(outOfOrder([...west])).toEqual([]);
});
