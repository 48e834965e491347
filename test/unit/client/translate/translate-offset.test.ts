import { describe, expect, test } from 'vitest';
import { TopicState } from '../../../../shared/ledger/topic-registry.ts';
import { EXPIRED, log, MADE_ANEW, ORDERS, scene, WHOLE } from './scene.ts';

const orders = { topic: 'orders', partition: 0 };
const remote = { topic: 'us-east.orders', partition: 0 };

describe('an offset of the source', () => {
  test.each([
    ['of a copied record is that record’s', 15, 5],
    ['before the first copied record is that one’s', 3, 0],
    ['of a record that was compacted away is the next one’s', 42, 30],
    ['at the end of what is replicated is the end on the target', 90, 70],
  ])('%s', async (_, offset, expected) => {
    const { translator } = scene();

    expect(await translator.translateOffset(orders, offset)).toEqual({
      flow: 'us-east->us-west',
      direction: 'forward',
      from: { cluster: 'us-east', ...orders, offset },
      to: { cluster: 'us-west', ...remote, offset: expected },
      exact: true,
      beyond: 0,
    });
  });

  test('that is not replicated yet is where replication goes on, and says by how much it is ahead', async () => {
    const source = { logs: { 'orders-0': log(0, 120, 'east-id') } };
    const { translator } = scene({ source });

    expect(await translator.translateOffset(orders, 95)).toMatchObject({ to: { offset: 70 }, exact: false, beyond: 5 });
  });

  test('past the end of the log is out of range, with the nearest pair', async () => {
    const source = { logs: { 'orders-0': log(0, 94, 'east-id') } };
    const { translator } = scene({ source });

    await expect(translator.translateOffset(orders, 95)).rejects.toMatchObject({
      code: 'OUT_OF_RANGE',
      nearest: { source: 90, target: 70 },
      message: expect.stringContaining('past the end of the log, 94'),
    });
  });

  test('is translated without the source, and the source is asked only when it is past all that is replicated', async () => {
    const lost = scene({ source: 'unreachable' });

    expect(await lost.translator.translateOffset(orders, 15)).toMatchObject({ to: { offset: 5 }, exact: true });
    expect(lost.asked.source).toBe(0);
    expect(await lost.translator.translateOffset(orders, 95)).toMatchObject({ to: { offset: 70 }, beyond: 5 });
    expect(lost.asked.source).toBe(1);
  });

  test('is never translated to below the start of the remote topic’s log', async () => {
    const { translator } = scene({ target: { logs: { 'us-east.orders-0': log(25, 70, 'west-id') } } });

    expect(await translator.translateOffset(orders, 15)).toMatchObject({ to: { offset: 25 }, exact: true });
  });

  test('has no translation where the target has no such topic', async () => {
    const missing = { code: 'UNKNOWN_TOPIC_OR_PARTITION' };
    const { translator } = scene({ target: { logs: { 'us-east.orders-0': missing } } });

    await expect(translator.translateOffset(orders, 15)).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });

  test('is translated also when the target’s brokers do not answer', async () => {
    expect(await scene({ target: 'unreachable' }).translator.translateOffset(orders, 15)).toMatchObject({
      to: { offset: 5 },
    });
  });
});

describe('an offset of the target', () => {
  test.each([
    ['of a copied record is its original’s', 5, 15],
    ['of the first record of a run is that of its original', 30, 50],
    ['at the end of what is replicated is the end on the source', 70, 90],
  ])('%s', async (_, offset, expected) => {
    const { translator } = scene();

    expect(await translator.translateOffset(remote, offset, 'backward')).toEqual({
      flow: 'us-east->us-west',
      direction: 'backward',
      from: { cluster: 'us-west', ...remote, offset },
      to: { cluster: 'us-east', ...orders, offset: expected },
      exact: true,
      beyond: 0,
    });
  });

  test('past the end of the log is out of range, too', async () => {
    const { translator } = scene({ target: { logs: { 'us-east.orders-0': log(0, 70, 'west-id') } } });

    await expect(translator.translateOffset(remote, 71, 'backward')).rejects.toMatchObject({
      code: 'OUT_OF_RANGE',
      nearest: { source: 90, target: 70 },
    });
  });
});

describe('a map whose oldest runs have expired', () => {
  test.each([
    [orders, 15, 'forward'],
    [remote, 5, 'backward'],
  ] as const)('gives no guess for %o at %i, but the nearest pair', async (place, offset, direction) => {
    const { translator } = scene({ map: [EXPIRED] });

    await expect(translator.translateOffset(place, offset, direction)).rejects.toMatchObject({
      code: 'OUT_OF_RANGE',
      nearest: { source: 50, target: 30 },
    });
  });

  test('is exact all the same once what it forgot has left the log', async () => {
    const { translator } = scene({
      map: [EXPIRED],
      target: { logs: { 'us-east.orders-0': log(30, 70, 'west-id') } },
    });

    expect(await translator.translateOffset(orders, 15)).toMatchObject({ to: { offset: 30 }, exact: true });
  });
});

describe('a topic', () => {
  test.each([
    ['orders', 'forward', 5],
    ['us-east.orders', 'forward', 5],
    ['orders', 'backward', 25],
    ['us-east.orders', 'backward', 25],
  ] as const)('may be called %s, %s', async (topic, direction, expected) => {
    const { to } = await scene().translator.translateOffset({ topic, partition: 0 }, 15, direction);

    expect(to.offset).toBe(expected);
  });

  test('whose name is another’s on the other side is meant as on the side of the offset', async () => {
    const { translator } = scene({
      topics: [
        { topic: 'a', remoteTopic: 'b' },
        { topic: 'b', remoteTopic: 'c' },
      ],
    });

    expect((await translator.translateOffset({ topic: 'b', partition: 0 }, 15)).to.topic).toBe('c');
    expect((await translator.translateOffset({ topic: 'b', partition: 0 }, 5, 'backward')).to.topic).toBe('a');
  });

  test('that the flow no longer covers keeps its translations', async () => {
    const { translator } = scene({ topics: [{ state: TopicState.Retired }] });

    expect(await translator.translateOffset(orders, 15)).toMatchObject({ to: { offset: 5 } });
  });

  test('is looked up in the map under the generation that is copied now', async () => {
    const { translator, asked } = scene({ topics: [{ generation: 3 }] });
    await translator.translateOffset(orders, 15);

    expect(asked.requests.map(({ partition }) => partition)).toEqual([
      {
        flow: { source: 'us-east', target: 'us-west' },
        ...remote,
        topic: 'orders',
        remoteTopic: remote.topic,
        generation: 3,
      },
    ]);
  });

  test('that was made anew on either side has no translation until reconcile has seen it', async () => {
    const there = scene({ target: { logs: { 'us-east.orders-0': log(0, 70, 'other') } } });
    const here = scene({ source: { logs: { 'orders-0': log(0, 200, 'other') } } });

    await expect(there.translator.translateOffset(orders, 15)).rejects.toMatchObject({
      code: 'TOPIC_MADE_ANEW',
      message: expect.stringContaining('us-west'),
    });
    await expect(here.translator.translateOffset(orders, 95)).rejects.toMatchObject({ code: 'TOPIC_MADE_ANEW' });
  });
});

describe('no translation is given', () => {
  test.each([
    [{ topic: 'stock', partition: 0 }, 1, 'UNKNOWN_TOPIC_PARTITION'],
    [{ topic: 'orders', partition: ORDERS.partitions }, 1, 'UNKNOWN_TOPIC_PARTITION'],
    [{ topic: 'orders', partition: 1 }, 1, 'NOTHING_REPLICATED'],
    [orders, -1, 'INVALID_REQUEST'],
    [orders, 1.5, 'INVALID_REQUEST'],
    [orders, 2 ** 53, 'INVALID_REQUEST'],
    [orders, Number.NaN, 'INVALID_REQUEST'],
    [{ topic: 'orders', partition: -1 }, 1, 'INVALID_REQUEST'],
  ])('of %o at %d: %s', async (place, offset, code) => {
    await expect(scene().translator.translateOffset(place, offset)).rejects.toMatchObject({ code });
  });

  test('while the map cannot be read', async () => {
    const { translator } = scene({ map: [{ code: 'OFFSET_MAP_THROTTLED' }] });

    await expect(translator.translateOffset(orders, 15)).rejects.toMatchObject({
      code: 'OFFSET_MAP_UNREADABLE',
      retriable: true,
      message: expect.stringContaining('OFFSET_MAP_THROTTLED'),
    });
  });

  test('of a partition that was added since reconcile looked, unless it is copied already', async () => {
    const { translator } = scene({ map: [WHOLE, WHOLE, WHOLE] });

    expect(await translator.translateOffset({ topic: 'orders', partition: 2 }, 15)).toMatchObject({
      to: { offset: 5 },
    });
  });
});

describe('an offset of the copy from before the topic was made anew', () => {
  const sides = {
    map: [MADE_ANEW],
    source: { logs: { 'orders-0': log(0, 10, 'east-id') } },
    target: { logs: { 'us-east.orders-0': log(0, 210, 'west-id') } },
  };
  const copy = { topic: 'us-east.orders', partition: 0 };

  test.each([0, 100, 199])('(%i) has no place in the present topic, and is never called exact', async (offset) => {
    const { translator } = scene({ ...sides, topics: [{ generation: 2 }] });

    await expect(translator.translateOffset(copy, offset, 'backward')).rejects.toMatchObject({
      code: 'OFFSET_OF_FORMER_TOPIC',
      nearest: { source: 0, target: 200 },
      message: expect.stringContaining(`offset ${offset} of us-east.orders-0 lies before 200, where the present topic`),
    });
  });

  test('ends where the present one begins: from there on each has its place', async () => {
    const { translator } = scene({ ...sides, topics: [{ generation: 2 }] });

    expect(await translator.translateOffset(copy, 200, 'backward')).toMatchObject({ to: { offset: 0 }, exact: true });
    expect(await translator.translateOffset(copy, 205, 'backward')).toMatchObject({ to: { offset: 5 }, exact: true });
  });

  test('is none of a source that cannot be asked, either', async () => {
    const { translator } = scene({ ...sides, source: 'unreachable', topics: [{ generation: 2 }] });

    await expect(translator.translateOffset(copy, 100, 'backward')).rejects.toMatchObject({
      code: 'OFFSET_OF_FORMER_TOPIC',
    });
  });

  test('leaves the partitions of a group that stand there untranslated', async () => {
    const target = { ...sides.target, groups: { billing: { 'us-east.orders-0': 100 } } };
    const { translator } = scene({ ...sides, target, topics: [{ generation: 2 }] });

    expect(await translator.translateGroup('billing', 'backward')).toMatchObject({
      partitions: [],
      untranslated: [{ from: { offset: 100 }, error: { code: 'OFFSET_OF_FORMER_TOPIC' } }],
    });
  });
});
