import { describe, expect, test, vi } from 'vitest';
import { GroupSession } from '../../../../../shared/client/failover/consumer/group-session.ts';
import type { FailoverRunConfig } from '../../../../../shared/client/failover/consumer/payload.ts';
import { settle } from '../producer/scene.ts';
import { until } from '../until.ts';
import { FakeMember } from './member.ts';

vi.setConfig({ testTimeout: 30_000 });

const A_WHILE = 30_000;

async function joined(run: FailoverRunConfig) {
  const member = new FakeMember('us-west');
  const topics = new Map([
    ['orders', { name: 'orders', fromBeginning: false }],
    ['us-east.orders', { name: 'orders', fromBeginning: true }],
  ]);
  const session = new GroupSession({ cluster: 'us-west', topics, consumer: member, run });
  await session.join();
  return { member, session };
}

/** A handler that goes on when it is told to. */
function steps() {
  const handled: string[] = [];
  const waiting: (() => void)[] = [];
  const handle = async (value: unknown) => {
    handled.push(String(value));
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { handled, handle, goOn: () => waiting.shift()?.(), waiting };
}

describe('messages', () => {
  test('come with the name that the application knows, the one on the cluster, and the cluster', async () => {
    const origins: unknown[] = [];
    const { member } = await joined({
      eachMessage: async ({ topic, clusterTopic, cluster, partition }) => {
        origins.push({ topic, clusterTopic, cluster, partition });
      },
    });
    member.deliver('us-east.orders', 2, ['a']);
    member.deliver('orders', 0, ['b']);
    await until(() => origins.length === 2);

    expect(origins).toEqual([
      { topic: 'orders', clusterTopic: 'us-east.orders', cluster: 'us-west', partition: 2 },
      { topic: 'orders', clusterTopic: 'orders', cluster: 'us-west', partition: 0 },
    ]);
    expect(member.subscriptions).toEqual([
      { topic: 'orders', fromBeginning: false },
      { topic: 'us-east.orders', fromBeginning: true },
    ]);
  });

  test('are committed one past themselves, under their name on the cluster', async () => {
    const { member } = await joined({ autoCommit: false, eachMessage: ({ commit }) => commit() });
    member.deliver('us-east.orders', 2, ['a', 'b', 'c']);
    await until(() => member.committed.get('us-east.orders-2') === 3);
  });
});

describe('leaving a group', () => {
  test('waits for the handler that runs, commits what is done and nothing else', async () => {
    const { handled, handle, goOn, waiting } = steps();
    const { member, session } = await joined({ eachMessage: ({ message }) => handle(message.value) });
    member.deliver('orders', 0, ['a', 'b', 'c']);
    member.deliver('us-east.orders', 1, ['d', 'e']);
    await until(() => waiting.length === 1);
    const left = session.leave(A_WHILE);
    await settle();
    expect(member.state).toBe('joined');
    goOn();

    expect(await left).toBe(0);
    expect(handled).toEqual(['a']);
    expect([...member.committed]).toEqual([['orders-0', 1]]);
    expect(member.state).toBe('left');
  });

  test('hands over nothing more to other workers while it waits, and commits nothing for them', async () => {
    const { handled, handle, goOn, waiting } = steps();
    const { member, session } = await joined({ eachMessage: ({ message }) => handle(message.value) });
    member.deliver('orders', 0, ['a', 'b']);
    await until(() => waiting.length === 1);
    const left = session.leave(A_WHILE);
    member.deliver('us-east.orders', 1, ['c', 'd'], 1);
    await settle();
    goOn();

    expect(await left).toBe(0);
    expect(handled).toEqual(['a']);
    expect([...member.committed]).toEqual([['orders-0', 1]]);
  });

  test('lets a handler commit by itself to its end', async () => {
    const { handle, goOn, waiting } = steps();
    const { member, session } = await joined({
      autoCommit: false,
      eachMessage: async ({ message, commit }) => {
        await handle(message.value);
        await commit();
      },
    });
    member.deliver('orders', 0, ['a', 'b']);
    await until(() => waiting.length === 1);
    const left = session.leave(A_WHILE);
    goOn();
    await left;

    expect([...member.committed]).toEqual([['orders-0', 1]]);
  });

  test('resolves of a batch that is broken off only what the application has', async () => {
    const { handle, goOn, waiting } = steps();
    const { member, session } = await joined({
      eachBatch: async ({ batch, isRunning, resolveOffset }) => {
        for (const { value, offset } of batch.messages) {
          if (!isRunning()) break;
          await handle(value);
          resolveOffset(offset);
        }
      },
    });
    member.deliver('orders', 0, ['a', 'b', 'c']);
    await until(() => waiting.length === 1);
    const left = session.leave(A_WHILE);
    goOn();
    await left;

    expect([...member.committed]).toEqual([['orders-0', 1]]);
  });

  test('resolves a whole batch that was not broken off, unless the application does', async () => {
    const { handle, goOn, waiting } = steps();
    const whole = await joined({ eachBatch: ({ batch }) => handle(batch.topic) });
    const byHand = await joined({ eachBatchAutoResolve: false, eachBatch: ({ batch }) => handle(batch.topic) });
    for (const { member } of [whole, byHand]) member.deliver('orders', 0, ['a', 'b', 'c']);
    await until(() => waiting.length === 2);
    const left = [whole.session.leave(A_WHILE), byHand.session.leave(A_WHILE)];
    goOn();
    goOn();
    await Promise.all(left);

    expect([...whole.member.committed]).toEqual([['orders-0', 3]]);
    expect([...byHand.member.committed]).toEqual([]);
  });

  test('is over after its time: a handler that still runs is counted, and what it does is not committed', async () => {
    const { handle, goOn, waiting } = steps();
    const { member, session } = await joined({ eachMessage: ({ message }) => handle(message.value) });
    member.deliver('orders', 0, ['a', 'b']);
    await until(() => waiting.length === 1);
    goOn();
    await until(() => waiting.length === 1);

    expect(await session.leave(10)).toBe(1);
    goOn();
    await until(() => member.state === 'left');
    expect([...member.committed]).toEqual([['orders-0', 1]]);
    await expect(session.commit([{ topic: 'orders', partition: 0, offset: '2' }])).rejects.toThrow('being left');
  });

  test('that is still being joined waits for that, so that no member is forgotten', async () => {
    const member = new FakeMember('us-west', false);
    const session = new GroupSession({ cluster: 'us-west', topics: new Map(), consumer: member, run: {} });
    const joining = session.join();
    const left = session.leave(A_WHILE);
    await settle();
    expect(member.state).toBe('joining');
    member.joining.resolve();
    await joining;

    expect(await left).toBe(0);
    expect(member.state).toBe('left');
  });
});
