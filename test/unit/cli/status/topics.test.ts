import { describe, expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { TopicState } from '../../../../shared/ledger/topic-registry.ts';
import { orders, statusOf } from './scene.ts';

describe('a topic', () => {
  test('that is copied to its end is not behind', async () => {
    const status = await statusOf({ topics: { orders: orders([80, 80]) } });

    expect(status).toMatchObject({ wrong: false, records: 0, seconds: 0, topics: [{ problems: [] }] });
    expect(statusAnswer([status], false).exitCode).toBe(0);
  });

  test('is behind by what is not copied of all its partitions, since its oldest record of those', async () => {
    const age = (offset: number) => (offset === 70 ? 5 : 2);
    const { topics } = await statusOf({ topics: { orders: orders([80, 70], [50, 49]) }, age });

    expect(topics).toMatchObject([{ topic: 'orders', records: 11, seconds: 5, worst: 0, problems: [] }]);
  });

  test('of which nothing was copied yet is behind by all that it holds', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([30, undefined, 0]) } });

    expect(topics).toMatchObject([{ records: 30, seconds: 1 }]);
  });

  test('is not behind by what the source has deleted: that will never be copied', async () => {
    const { topics } = await statusOf({ topics: { orders: orders([80, 10]) }, logStart: 75 });

    expect(topics).toMatchObject([{ records: 5, seconds: 1 }]);
  });

  test('is not behind by the marker or the aborted transaction at its end: nothing of it is ever copied', async () => {
    const partitions = [
      { end: 80, copied: 79, holes: [79] },
      { end: 50, copied: 40, holes: [40, 41, 42, 43, 44, 45, 46, 47, 48, 49] },
    ];
    const status = await statusOf({
      topics: { orders: { partitions } },
      groups: { billing: { orders: 79 } },
      age: () => 99,
    });

    expect(status).toMatchObject({ wrong: false, records: 0, seconds: 0, groups: [{ records: 0, seconds: 0 }] });
  });

  test('is behind from the first record on that can be copied, and since that was written', async () => {
    const partitions = [{ end: 80, copied: 70, holes: [70, 71, 72] }];
    const age = (offset: number) => (offset < 73 ? 500 : 3);

    expect((await statusOf({ topics: { orders: { partitions } }, age })).topics).toMatchObject([
      { records: 7, seconds: 3, problems: [] },
    ]);
  });

  test('is not behind by a transaction that is open: nobody can read it yet', async () => {
    const partitions = [{ end: 80, copied: 70, stable: 70 }];

    expect(await statusOf({ topics: { orders: { partitions } }, age: () => 600 })).toMatchObject({
      ...{ wrong: false, records: 0, seconds: 0 },
    });
  });

  test('that a transaction has kept from being copied for longer than brokers let it is wrong', async () => {
    const partitions = [{ end: 80, copied: 70, stable: 70 }];
    const status = await statusOf({ topics: { orders: { partitions } }, age: () => 901 });

    expect(status.topics[0]?.problems).toEqual([
      'orders-0 on us-east: a transaction is open from offset 70 on, for more than 15 minutes: nothing behind it is copied before it ends (docs/operating.md, An open transaction)',
    ]);
  });

  test('of which some ages cannot be read is behind for at least as long as the others, and that is wrong', async () => {
    const partitions = [
      { end: 5_000, copied: 0, unread: 'KAFKA_DEADLINE_EXCEEDED' },
      { end: 9, copied: 8 },
      { end: 7, copied: 5, unread: 'KAFKA_DEADLINE_EXCEEDED' },
    ];
    const status = await statusOf({ topics: { orders: { partitions }, stock: orders([5, 4]) }, age: () => 0.2 });

    expect(status).toMatchObject({ wrong: true, records: 5_004, seconds: 0.2, agesNotKnown: 2 });
    expect(status.topics).toMatchObject([
      {
        ...{ topic: 'orders', records: 5_003, seconds: 0.2, agesNotKnown: 2 },
        problems: [
          'more than 100 records behind',
          'for how long is not known of orders-0 and 1 more: KAFKA_DEADLINE_EXCEEDED',
        ],
      },
      { topic: 'stock', seconds: 0.2, problems: [] },
    ]);
    expect(status.topics[1]).not.toHaveProperty('agesNotKnown');
    expect(statusAnswer([status], false).text(UNSTYLED)).toMatch(
      /orders {2}5003 records, at least 0.2 s behind, most in/,
    );
  });

  test('of which no age can be read is behind for a time that is not known, and that is wrong', async () => {
    const partitions = [{ end: 50, copied: 0, unread: 'KAFKA_NOT_AUTHORIZED' }];
    const status = await statusOf({ topics: { orders: { partitions } } });

    expect(status).toMatchObject({ wrong: true, records: 50, seconds: undefined });
    expect(status.topics[0]?.problems).toEqual(['for how long is not known of orders-0: KAFKA_NOT_AUTHORIZED']);
  });

  test.each([
    ['by too many records', { topics: { orders: orders([201, 100]) } }, 'more than 100 records behind'],
    ['for too long', { topics: { orders: orders([2, 1]) }, age: () => 61 }, 'more than 60 s behind'],
    [
      'in a log that ends before what was copied',
      { topics: { orders: orders([9, 9, 5]) } },
      'us-east.orders-0 ends at 5',
    ],
    [
      'until its old mapping is drained',
      { topics: { orders: { ...orders([9, 9]), state: TopicState.Draining } } },
      'begun anew',
    ],
  ])('that is behind %s is wrong', async (_, scene, problem) => {
    const status = await statusOf(scene);

    expect(status.topics[0]?.problems.join()).toContain(problem);
    expect(statusAnswer([status], false).exitCode).toBe(1);
  });

  test('that is gone at the source is said to be, in one line, and no fault of the flow', async () => {
    const status = await statusOf({
      topics: { clicks: { ...orders([9, 9], [9, 9]), state: TopicState.Draining }, orders: orders([5, 5]) },
      gone: ['clicks'],
      sourceNames: ['orders'],
    });

    expect(status).toMatchObject({ wrong: false, records: 0 });
    const text = statusAnswer([status], false).text(UNSTYLED).replace(/\s+/g, ' ');
    expect(text).toContain(
      'clicks clicks is gone on us-east; its copy us-east.clicks is kept (docs/deploy.md) orders nothing behind',
    );
    expect(text).not.toMatch(/UNKNOWN_TOPIC_OR_PARTITION|begun anew/);
  });

  test('that is covered and not known to the map yet is told', async () => {
    const status = await statusOf({
      topics: { orders: orders([1, 1]) },
      sourceNames: ['orders', 'orders.eu', 'stock'],
    });

    expect(status).toMatchObject({ wrong: true, problems: ['orders.eu is covered and not replicated yet'] });
  });

  test('stands before those that hurt less', async () => {
    const age = (offset: number) => offset;
    const topics = {
      fine: orders([9, 9]),
      many: orders([90, 10]),
      late: orders([41, 40]),
      broken: orders([9, 9, 5]),
      even: orders([20, 10]),
    };

    expect((await statusOf({ topics, age })).topics.map(({ topic }) => topic)).toEqual([
      ...['broken', 'late', 'many', 'even', 'fine'],
    ]);
  });
});
