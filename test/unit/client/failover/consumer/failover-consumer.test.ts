import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FailoverConsumer } from '../../../../../shared/client/failover/consumer/failover-consumer.ts';
import type { GroupPlaces, Start } from '../../../../../shared/client/failover/consumer/ports.ts';
import { ApplicationTopics } from '../../../../../shared/client/failover/topics.ts';
import { defaultPolicy } from '../../../../../shared/policy/default-policy.ts';
import { Followed, recorded } from '../follower.ts';
import { until } from '../until.ts';
import { FakeMember } from './member.ts';

vi.setConfig({ testTimeout: 30_000 });

const FLOW = { source: 'us-east', target: 'us-west' };
const MINUTE = 60_000;

/** A consumer of two clusters; every member that it ever was is kept. */
function consuming({ knownOn = [] as readonly string[], fromBeginning = false } = {}) {
  const topics: Record<string, string[]> = {
    'us-east': ['orders', 'payments', '__transaction_state'],
    'us-west': ['orders', 'us-east.orders', 'us-east.payments'],
  };
  const registry = new Followed();
  const { events, told } = recorded('consumer-joined', 'consumer-left', 'consumer-failed', 'topics-missing');
  const members: FakeMember[] = [];
  const starts: Record<string, Start>[] = [];
  const failures: Error[] = [];
  const places = (cluster: string): GroupPlaces => ({
    topics: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return [...(topics[cluster] ?? [])];
    },
    commitStarts: async (_, asked, startOf) => {
      starts.push(Object.fromEntries(asked.map((topic) => [topic, startOf(topic, knownOn.includes(cluster))])));
    },
    close: async () => {},
  });
  const consumer = new FailoverConsumer(
    { groupId: 'billing', leaveMs: 30_000, firstReadMs: 1_000, refreshMs: 1, retryMs: 1 },
    {
      watch: registry,
      events,
      topics: new ApplicationTopics(FLOW, defaultPolicy('.', '.')),
      places,
      consumer: (cluster) => {
        const member = new FakeMember(cluster);
        members.push(member);
        return member;
      },
    },
  );
  onTestFinished(() => consumer.disconnect());
  const run = async () => {
    await consumer.subscribe({ topics: ['orders'], fromBeginning });
    await consumer.run({ eachMessage: async () => {} });
  };
  const hasJoined = (times: number) =>
    until(() => told.filter(([event]) => event === 'consumer-joined').length >= times);
  return { topics, registry, consumer, members, starts, failures, told, run, hasJoined };
}

const states = (members: readonly FakeMember[]) => members.map(({ cluster, state }) => `${cluster} ${state}`);

describe('a consumer', () => {
  test('reads the topic and its copy under the names of the cluster that it is on', async () => {
    const { registry, members, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    registry.set({ active: 'us-west', generation: 2 });
    await hasJoined(2);

    expect(members.map(({ subscriptions }) => subscriptions.map(({ topic }) => topic))).toEqual([
      ['orders'],
      ['orders', 'us-east.orders'],
    ]);
    expect(states(members)).toEqual(['us-east left', 'us-west joined']);
  });

  test('goes on while only producers are fenced, leaves when consumers are, and comes back when that is undone', async () => {
    const { registry, members, told, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    registry.set({ clients: 'producers-fenced', generation: 2 });
    await Promise.resolve();
    expect(states(members)).toEqual(['us-east joined']);
    registry.set({ clients: 'clients-fenced' });
    await until(() => told.some(([event]) => event === 'consumer-left'));
    expect(states(members)).toEqual(['us-east left']);
    registry.set({ clients: 'serving' });
    await hasJoined(2);

    expect(states(members)).toEqual(['us-east left', 'us-east joined']);
    expect(told.map(([event]) => event)).toEqual(['consumer-joined', 'consumer-left', 'consumer-joined']);
    expect(told[1]?.[1]).toEqual({ groupId: 'billing', cluster: 'us-east', unfinished: 0 });
  });

  test('is a member on one cluster at a time, and passes over what the registry said in between', async () => {
    const { registry, members, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    registry.set({ active: 'us-west', generation: 2 });
    registry.set({ clients: 'clients-fenced', generation: 3 });
    registry.set({ active: 'us-east', clients: 'serving' });
    registry.set({ active: 'us-west', generation: 4 });
    await hasJoined(2);

    expect(states(members)).toEqual(['us-east left', 'us-west joined']);
  });

  test('that is fenced from the start joins nothing', async () => {
    const { registry, members, run, hasJoined } = consuming();
    registry.set({ clients: 'clients-fenced', generation: 2 });
    await run();
    await Promise.resolve();
    expect(members).toEqual([]);
    registry.set({ active: 'us-west', clients: 'serving' });
    await hasJoined(1);

    expect(states(members)).toEqual(['us-west joined']);
  });

  test('leaves when it is disconnected, and follows no longer', async () => {
    const { registry, consumer, members, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    await consumer.disconnect();
    registry.set({ active: 'us-west', generation: 2 });

    expect(states(members)).toEqual(['us-east left']);
  });

  test('that cannot join tells so and tries again', async () => {
    const { failures, told, run, hasJoined } = consuming();
    failures.push(new Error('ECONNREFUSED'), new Error('ECONNREFUSED'));
    await run();
    await hasJoined(1);

    expect(told.map(([event]) => event)).toEqual(['consumer-failed', 'consumer-failed', 'consumer-joined']);
    expect(told[0]?.[1]).toMatchObject({ cluster: 'us-east', restarts: true, error: { message: 'ECONNREFUSED' } });
  });
});

describe('where a group has no offset it begins', () => {
  test.each([
    [false, { orders: 'end' }],
    [true, { orders: 'beginning' }],
  ])('as the application chose (fromBeginning: %s) before any run', async (fromBeginning, expected) => {
    const { starts, registry, run, hasJoined } = consuming({ fromBeginning });
    registry.set({ generation: 0, changedAt: 0 });
    await run();
    await hasJoined(1);

    expect(starts).toEqual([expected]);
  });

  test('after a move with what was written since, less a minute for clocks that differ', async () => {
    const { starts, registry, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    registry.set({ active: 'us-west', generation: 2, changedAt: 5 * MINUTE });
    await hasJoined(2);

    const since = { sinceMs: 4 * MINUTE };
    expect(starts[1]).toEqual({ orders: since, 'us-east.orders': since });
  });

  test('after a move before it was started likewise, if the group was moved', async () => {
    const { starts, registry, run, hasJoined } = consuming({ knownOn: ['us-west'] });
    registry.set({ active: 'us-west', generation: 2, changedAt: 5 * MINUTE });
    await run();
    await hasJoined(1);

    expect(starts[0]).toMatchObject({ orders: { sinceMs: 4 * MINUTE } });
  });

  test('as the application chose if the group is new there', async () => {
    const { starts, registry, run, hasJoined } = consuming();
    registry.set({ active: 'us-west', generation: 2, changedAt: 5 * MINUTE });
    await run();
    await hasJoined(1);

    expect(starts[0]).toEqual({ orders: 'end', 'us-east.orders': 'end' });
  });
});

describe('topics', () => {
  test('that come into being later are read, from their beginning', async () => {
    const { topics, members, starts, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    topics['us-east']?.push('us-west.orders');
    await hasJoined(2);

    expect(members.at(-1)?.subscriptions).toEqual([
      { topic: 'orders', fromBeginning: false },
      { topic: 'us-west.orders', fromBeginning: true },
    ]);
    expect(starts[1]).toMatchObject({ 'us-west.orders': 'beginning' });
    expect(states(members)).toEqual(['us-east left', 'us-east joined']);
  });

  test('that are missing are told, and waited for', async () => {
    const { topics, members, told, run, hasJoined } = consuming();
    topics['us-east'] = [];
    await run();
    await until(() => told.length > 0);
    expect(told[0]).toEqual(['topics-missing', { groupId: 'billing', cluster: 'us-east', topics: ['orders'] }]);
    expect(members).toEqual([]);
    topics['us-east'] = ['orders'];
    await hasJoined(1);
  });

  test('are subscribed to by the names that the application produces to, before it runs', async () => {
    const { consumer, run } = consuming();

    await expect(consumer.subscribe({ topics: ['us-east.orders'] })).rejects.toMatchObject({
      code: 'SUBSCRIPTION_TO_COPY',
    });
    await run();
    await expect(consumer.subscribe({ topics: ['payments'] })).rejects.toThrow('before run()');
  });
});

describe('offsets that the application commits', () => {
  test('are those of the cluster that it is on', async () => {
    const { consumer, members, run, hasJoined } = consuming();
    await run();
    await hasJoined(1);
    await consumer.commitOffsets([{ cluster: 'us-east', topic: 'orders', partition: 0, offset: '7' }]);

    expect([...(members[0]?.committed ?? [])]).toEqual([['orders-0', 7]]);
  });

  test('are refused when they are of the other one, or it is on none', async () => {
    const { consumer, registry, run, hasJoined, told } = consuming();
    const offsets = [{ cluster: 'us-east', topic: 'orders', partition: 0, offset: '7' }];
    await run();
    await hasJoined(1);
    registry.set({ active: 'us-west', generation: 2 });
    await hasJoined(2);
    await expect(consumer.commitOffsets(offsets)).rejects.toMatchObject({ code: 'CONSUMER_MOVED' });
    registry.set({ clients: 'clients-fenced', generation: 3 });
    await until(() => told.filter(([event]) => event === 'consumer-left').length === 2);

    await expect(consumer.commitOffsets(offsets)).rejects.toMatchObject({ code: 'CONSUMER_MOVED' });
  });
});
