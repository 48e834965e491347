import { expect, test } from 'vitest';
import { TopicNotInFlowError } from '../../../shared/ledger/asked-topics.ts';
import { TopicState } from '../../../shared/ledger/topic-registry.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { MemoryPlaces } from './memory-places.ts';
import { item, portsOf, type Settings, verified } from './scene.ts';
import { COUNT, ran, whole } from './verified-runs.ts';

const orders = { topic: 'orders', remoteTopic: 'us-east.orders' };
const parcels = { topic: 'parcels', remoteTopic: 'us-east.parcels' };
const NOT_REPLICATED = 'the flow covers its topic, and does not replicate it: 3000 offsets waiting';

/** The offset map knows of `orders`, partition 0, and of nothing else. */
function ports(covered: Awaited<ReturnType<VerifyPorts['coveredTopics']>>, more: Partial<VerifyPorts> = {}): Settings {
  const { head } = portsOf(whole);
  return {
    ports: {
      coveredTopics: async () => covered,
      head: async (place) => (place.topic === 'orders' && place.partition === 0 ? head(place) : undefined),
      ...more,
    },
  };
}

test('a covered topic that was never replicated is not proven, partition by partition', async () => {
  const { verdict, partitions } = await verified(
    whole,
    ports([
      { ...orders, partitions: 1 },
      { ...parcels, partitions: 2 },
    ]),
  );

  expect(verdict).toBe('unproven');
  expect(partitions).toMatchObject([
    { ...parcels, partition: 0, verdict: 'unproven', reason: NOT_REPLICATED },
    { ...parcels, partition: 1, verdict: 'unproven', reason: NOT_REPLICATED },
    { ...orders, partition: 0, verdict: 'complete' },
  ]);
});

test('nor is a partition that the source got since the flow was looked at', async () => {
  const { verdict, partitions } = await verified(whole, ports([{ ...orders, partitions: 2 }]));

  expect(verdict).toBe('unproven');
  const reason = 'nothing of it is replicated yet: 3000 offsets waiting';
  expect(partitions).toMatchObject([
    { ...orders, partition: 1, verdict: 'unproven', reason },
    { ...orders, partition: 0, verdict: 'complete' },
  ]);
});

test('nor is a topic that is covered, and is not replicated any more, whatever the map has of it', async () => {
  const topics = async () => [{ ...item, generation: 3, state: TopicState.Retired }];

  const { verdict, partitions } = await verified(whole, ports([{ ...orders, partitions: 1 }], { topics }));

  expect(verdict).toBe('unproven');
  expect(partitions).toMatchObject([{ ...orders, partition: 0, generation: 3, reason: NOT_REPLICATED }]);
});

test('of one that the source has nothing of nothing is missing', async () => {
  const logBounds: VerifyPorts['logBounds'] = async (side, place) => {
    return place.topic === 'parcels' ? { start: 0, end: 0 } : portsOf(whole).logBounds(side, place);
  };

  const covered = [{ ...parcels, partitions: 1 }];

  expect((await verified(whole, ports(covered, { logBounds }))).verdict).toBe('complete');
});

test('a flow that covers nothing is not complete, and says why', async () => {
  const report = await verified(whole, ports([], { topics: async () => [] }));

  expect(report).toMatchObject({
    ...{ verdict: 'unproven', partitions: [] },
    reason: 'the flow covers no topic that the source has, so nothing was compared',
  });
});

test.each(['parcels', 'us-east.parcels'])(
  'a topic is compared alone by its name on either cluster: %s',
  async (topic) => {
    const settings = ports([
      { ...orders, partitions: 1 },
      { ...parcels, partitions: 1 },
    ]);

    const { partitions } = await verified(whole, { ...settings, topic });

    expect(partitions.map((each) => each.topic)).toEqual(['parcels']);
  },
);

test('a topic that the flow does not have is an error, and not complete', async () => {
  await expect(verified(whole, { topic: 'ordrs' })).rejects.toThrow(TopicNotInFlowError);
});

test('the function compares what is replicated: what is not is told by status', async () => {
  const coveredTopics = () => Promise.reject(new Error('nobody is to be asked'));

  expect(await ran(whole, new MemoryPlaces(), { ports: { coveredTopics } })).toMatchObject({ records: COUNT });
});
