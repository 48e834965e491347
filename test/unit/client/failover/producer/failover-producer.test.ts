import { describe, expect, test, vi } from 'vitest';
import { DeliveryUnknownError } from '../../../../../shared/client/failover/errors.ts';
import { Refusal } from '../../../../../shared/client/failover/producer/ports.ts';
import { until } from '../until.ts';
import { FakeError } from './cluster.ts';
import { message, outcome, producing, settle } from './scene.ts';

vi.setConfig({ testTimeout: 30_000 });

type Producer = Awaited<ReturnType<typeof producing>>['producer'];

function sendAll(producer: Producer, from: number, to: number, key?: string): Promise<unknown>[] {
  return Array.from({ length: to - from }, (_, i) =>
    producer.send({ topic: 'orders', messages: [message(from + i, key)] }),
  );
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));

describe('while producers may send', () => {
  test('messages go to the active cluster, each request with its own offsets', async () => {
    const { east, west, producer } = await producing();
    const sent = [
      producer.send({ topic: 'orders', messages: [message(0), message(1)] }),
      producer.send({ topic: 'orders', messages: [message(2)] }),
      producer.send({ topic: 'orders', messages: [message(3), message(4, '1')] }),
    ];

    const offsets = (await Promise.all(sent)).map((metadata) =>
      metadata.map(({ partition, baseOffset }) => `${partition}@${baseOffset}`).sort(),
    );
    expect(offsets).toEqual([['0@0'], ['0@2'], ['0@3', '1@0']]);
    expect([...east.logs]).toEqual([
      ['orders-0', ['0', '1', '2', '3']],
      ['orders-1', ['4']],
    ]);
    expect(west.written).toEqual([]);
  });

  test('what comes while a request is under way goes together in the next', async () => {
    const { east, producer } = await producing();
    await Promise.all(sendAll(producer, 0, 50));

    expect(east.requests).toEqual([['0'], numbers(1, 50)]);
  });

  test('a request of several topics is acknowledged as one', async () => {
    const { east, producer } = await producing();
    const metadata = await producer.sendBatch({
      topicMessages: [
        { topic: 'orders', messages: [message(0)] },
        { topic: 'payments', messages: [message(1)] },
      ],
    });

    expect(metadata.map(({ topicName }) => topicName).sort()).toEqual(['orders', 'payments']);
    expect(east.written).toEqual(['0', '1']);
  });

  test('requests of other settings do not share a request to the broker', async () => {
    const { east, producer } = await producing();
    const send = (value: number, timeout: number) =>
      producer.send({ topic: 'orders', messages: [message(value)], timeout });
    await Promise.all([send(0, 1), send(1, 1), send(2, 1), send(3, 2), send(4, 2)]);

    expect(east.requests).toEqual([['0'], ['1', '2'], ['3', '4']]);
  });

  test('a request without an answer is sent again unchanged before all others, and written once', async () => {
    const { east, producer } = await producing();
    east.mode = 'mute';
    const first = producer.send({ topic: 'orders', messages: [message(0)] });
    await until(() => east.requests.length >= 2);
    const rest = sendAll(producer, 1, 4);
    await until(() => east.requests.length >= 3);
    east.mode = 'up';
    await Promise.all([first, ...rest]);

    expect(east.written).toEqual(numbers(0, 4));
    expect(new Set(east.requests.slice(0, -1).map(String))).toEqual(new Set(['0']));
  });

  test('of a request that the broker refuses, only what it refuses fails', async () => {
    const { east, producer } = await producing();
    east.refuse((values) => (values.includes('2') ? new FakeError('MESSAGE_TOO_LARGE', Refusal.Final) : undefined));
    const outcomes = await Promise.all(sendAll(producer, 0, 5).map(outcome));

    expect(outcomes).toEqual(['acknowledged', 'acknowledged', 'MESSAGE_TOO_LARGE', 'acknowledged', 'acknowledged']);
    expect(east.written).toEqual(['0', '1', '3', '4']);
  });

  test('a broker that lost the sequence gets a producer that begins anew', async () => {
    const { east, producer } = await producing();
    await Promise.all(sendAll(producer, 0, 2));
    const lost = new FakeError('OUT_OF_ORDER_SEQUENCE_NUMBER', Refusal.Sequence);
    east.refuse(() => lost);
    const more = sendAll(producer, 2, 4);
    await until(() => east.connections === 2);
    east.refuse(undefined);
    await Promise.all(more);

    expect(east.written).toEqual(numbers(0, 4));
  });

  test('a topic that is not there is an error, and other topics are not', async () => {
    const { east, producer } = await producing();
    await producer.send({ topic: 'payments', messages: [message(0)] });
    east.failTopics(new FakeError('no such topic', Refusal.Final));

    expect(await outcome(producer.send({ topic: 'order', messages: [message(1)] }))).toBe('no such topic');
    east.failTopics(undefined);
    expect(await outcome(producer.send({ topic: 'payments', messages: [message(2)] }))).toBe('acknowledged');
  });
});

describe('a fence', () => {
  test('lets what is under way finish, and holds the rest', async () => {
    const { east, registry, producer, told } = await producing();
    const before = sendAll(producer, 0, 1);
    await settle();
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const held = sendAll(producer, 1, 4);
    await Promise.all(before);
    await until(() => told.length > 0);

    expect(east.written).toEqual(['0']);
    expect(told.at(-1)).toEqual(['held', { messages: 3, oldestMs: expect.any(Number) }]);
    registry.set({ clients: 'serving' });
    await Promise.all(held);
  });

  test('that is taken back sends what was held to the same cluster, in order', async () => {
    const { east, west, registry, producer } = await producing();
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const held = [...sendAll(producer, 0, 20), ...sendAll(producer, 20, 40, '1')];
    await settle();
    expect(east.written).toEqual([]);
    registry.set({ clients: 'serving' });
    const after = sendAll(producer, 40, 50);
    await Promise.all([...held, ...after]);

    expect(east.logs.get('orders-0')).toEqual([...numbers(0, 20), ...numbers(40, 50)]);
    expect(east.logs.get('orders-1')).toEqual(numbers(20, 40));
    expect(west.written).toEqual([]);
  });

  test.each(['producers-fenced', 'clients-fenced'] as const)(
    '(%s) that ends at the other cluster sends it there, in order',
    async (clients) => {
      const { east, west, registry, producer } = await producing();
      await Promise.all(sendAll(producer, 0, 5));
      registry.set({ clients, generation: 2 });
      const held = sendAll(producer, 5, 30);
      registry.set({ active: 'us-west', clients: 'serving' });
      const after = sendAll(producer, 30, 40);
      await Promise.all([...held, ...after]);

      expect(east.written).toEqual(numbers(0, 5));
      expect(west.logs.get('orders-0')).toEqual(numbers(5, 40));
    },
  );

  test('that follows a lost answer sends that request again only to its own cluster', async () => {
    const { east, west, registry, producer } = await producing();
    east.mode = 'silent';
    const lost = outcome(producer.send({ topic: 'orders', messages: [message(0)] }));
    await until(() => east.requests.length === 1);
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const held = sendAll(producer, 1, 3);
    east.mode = 'up';
    await settle();
    registry.set({ clients: 'serving' });

    expect(await lost).toBe('acknowledged');
    await Promise.all(held);
    expect(east.written).toEqual(numbers(0, 3));
    expect(west.written).toEqual([]);
  });

  test('there and back, before anything has settled, leaves each message on one cluster', async () => {
    const { east, west, registry, producer } = await producing();
    east.mode = 'silent';
    const first = producer.send({ topic: 'orders', messages: [message(0)] });
    await until(() => east.requests.length === 1);
    registry.set({ active: 'us-west', generation: 2 });
    await settle();
    const second = producer.send({ topic: 'orders', messages: [message(1)] });
    registry.set({ active: 'us-east', generation: 3 });
    east.mode = 'up';
    await Promise.all([first, second]);

    expect(east.written).toEqual(['0', '1']);
    expect(west.written).toEqual([]);
  });
});

describe('a cluster that is left without an answer', () => {
  test('keeps what may have been written there: its sender is told, and the rest goes on', async () => {
    const { east, west, registry, producer } = await producing({ settleMs: 10 });
    east.mode = 'silent';
    const lost = producer.send({ topic: 'orders', messages: [message(0), message(1)] });
    await until(() => east.requests.length === 1);
    const waiting = sendAll(producer, 2, 6);
    registry.set({ clients: 'producers-fenced', generation: 2 });
    registry.set({ active: 'us-west', clients: 'serving' });

    const error = await lost.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryUnknownError);
    expect(error).toMatchObject({
      code: 'DELIVERY_UNKNOWN',
      retriable: false,
      cluster: 'us-east',
      unknown: [
        { topic: 'orders', message: message(0) },
        { topic: 'orders', message: message(1) },
      ],
      unsent: [],
      delivered: [],
    });
    await Promise.all(waiting);
    expect(east.written).toEqual(['0', '1']);
    expect(west.written).toEqual(numbers(2, 6));
  });

  test('tells apart what was acknowledged, what nobody knows and what was never sent', async () => {
    const { east, registry, producer } = await producing({ settleMs: 10 });
    east.refuse((values) => {
      if (values.includes('1')) east.mode = 'silent';
      return undefined;
    });
    const blocking = outcome(producer.send({ topic: 'payments', messages: [message('first', '2')] }));
    await blocking;
    const request = producer.sendBatch({
      topicMessages: [
        { topic: 'orders', messages: [message(0, '0')] },
        { topic: 'orders', messages: [message(1, '1')] },
      ],
    });
    await until(() => east.requests.some((values) => values.includes('1')));
    registry.set({ active: 'us-west', generation: 2 });

    expect(await request.catch((thrown: unknown) => thrown)).toMatchObject({
      unknown: [{ topic: 'orders', message: message(1, '1') }],
      unsent: [],
      delivered: [{ topicName: 'orders', partition: 0, baseOffset: '0' }],
    });
  });

  test('late answers change nothing any more, and nothing is sent to it again', async () => {
    const { east, west, registry, producer } = await producing({ settleMs: 10 });
    east.mode = 'silent';
    const lost = outcome(producer.send({ topic: 'orders', messages: [message(0)] }));
    await until(() => east.requests.length === 1);
    registry.set({ active: 'us-west', generation: 2 });
    expect(await lost).toBe('DELIVERY_UNKNOWN');
    const requests = east.requests.length;
    east.mode = 'up';
    await Promise.all(sendAll(producer, 1, 3));
    await settle();

    expect(east.requests).toHaveLength(requests);
    expect(west.written).toEqual(['1', '2']);
  });

  test('that does not answer at all gives what was never sent to the other', async () => {
    const { east, west, registry, producer } = await producing({ settleMs: 10 });
    await producer.send({ topic: 'orders', messages: [message(0)] });
    east.mode = 'away';
    const first = outcome(producer.send({ topic: 'orders', messages: [message(1)] }));
    const rest = sendAll(producer, 2, 10);
    await settle();
    registry.set({ active: 'us-west', generation: 2 });

    // About to be sent when the connection failed: that the broker never got it is not known here.
    expect(await first).toBe('DELIVERY_UNKNOWN');
    await Promise.all(rest);
    expect(west.written).toEqual(numbers(2, 10));
  });
});

describe('the bounds', () => {
  test('of messages: what is over them fails at once and can be sent again, what is held stays', async () => {
    const { east, registry, producer } = await producing({ bounds: { messages: 5, ageMs: 30_000 } });
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const held = sendAll(producer, 0, 5);
    const over = producer.send({ topic: 'orders', messages: [message('over')] });

    await expect(over).rejects.toMatchObject({
      code: 'PRODUCER_FENCED',
      retriable: true,
      message: 'producers are fenced, and 5 messages wait, of at most 5',
    });
    registry.set({ clients: 'serving' });
    await Promise.all(held);
    expect(east.written).toEqual(numbers(0, 5));
    expect(await outcome(producer.send({ topic: 'orders', messages: [message('over')] }))).toBe('acknowledged');
  });

  test('of messages let one request pass that is larger than they are', async () => {
    const { producer } = await producing({ bounds: { messages: 2, ageMs: 30_000 } });
    const messages = [message(0), message(1), message(2)];

    expect(await outcome(producer.send({ topic: 'orders', messages }))).toBe('acknowledged');
  });

  test('of age: what was held too long fails, was not sent, and is not sent later', async () => {
    const { east, registry, producer } = await producing({ bounds: { messages: 100, ageMs: 20 } });
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const [old] = sendAll(producer, 0, 1);
    await expect(old).rejects.toMatchObject({ code: 'PRODUCER_FENCED', retriable: true });
    const young = producer.send({ topic: 'orders', messages: [message(1)] });
    registry.set({ clients: 'serving' });
    await young;

    expect(east.written).toEqual(['1']);
  });

  test('of age, on a cluster that serves and does not answer, say so', async () => {
    const { east, producer } = await producing({ bounds: { messages: 100, ageMs: 30 } });
    await producer.send({ topic: 'orders', messages: [message(0)] });
    east.mode = 'away';
    const [first, second] = sendAll(producer, 1, 3).map(outcome);

    expect(await first).toBe('DELIVERY_UNKNOWN');
    expect(await second).toBe('PRODUCER_BACKLOG');
    east.mode = 'up';
  });
});

describe('an end', () => {
  test('waits for what was given', async () => {
    const { east, producer } = await producing();
    const sent = sendAll(producer, 0, 20);
    await producer.disconnect();

    expect(await Promise.all(sent.map(outcome))).toEqual(sent.map(() => 'acknowledged'));
    expect(east.written).toHaveLength(20);
  });

  test('under a fence fails what is held', async () => {
    const { east, registry, producer } = await producing();
    registry.set({ clients: 'producers-fenced', generation: 2 });
    const held = sendAll(producer, 0, 3).map(outcome);
    await producer.disconnect();

    expect(await Promise.all(held)).toEqual(['PRODUCER_FENCED', 'PRODUCER_FENCED', 'PRODUCER_FENCED']);
    expect(east.written).toEqual([]);
  });

  test('is final: nothing can be sent after it', async () => {
    const { producer } = await producing();
    await producer.disconnect();

    expect(await outcome(producer.send({ topic: 'orders', messages: [message(0)] }))).toBe('PRODUCER_CLOSED');
  });
});
