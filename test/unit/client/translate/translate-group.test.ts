import { describe, expect, test } from 'vitest';
import type { GroupTranslation } from '../../../../shared/client/translate/answer.ts';
import { Translator } from '../../../../shared/client/translate/translator.ts';
import { EXPIRED, log, scene, WHOLE } from './scene.ts';

const offsets = ({ partitions }: GroupTranslation) =>
  partitions.map(({ from, to, beyond }) => [`${from.topic}-${from.partition}`, from.offset, to.offset, beyond]);

describe('a group of the source', () => {
  test('is translated partition by partition, in order', async () => {
    const { translator } = scene({
      map: [WHOLE, WHOLE],
      source: { groups: { billing: { 'orders-1': 90, 'orders-0': 42, 'clicks-0': 7 } } },
    });

    const found = await translator.translateGroup('billing');

    expect(offsets(found)).toEqual([
      ['orders-0', 42, 30, 0],
      ['orders-1', 90, 70, 0],
    ]);
    expect(found).toMatchObject({ offsetsFrom: { kind: 'cluster' }, untranslated: [], otherTopics: ['clicks'] });
  });

  test('says of each partition that has no translation why', async () => {
    const { translator } = scene({
      topics: [{ partitions: 5 }],
      map: [EXPIRED, WHOLE, { code: 'OFFSET_MAP_THROTTLED' }],
      source: {
        groups: {
          billing: {
            ...{ 'orders-0': 15, 'orders-1': 300, 'orders-2': 5, 'orders-3': 5 },
            'orders-4': { code: 'UNSTABLE_OFFSET_COMMIT' },
          },
        },
        logs: { 'orders-1': log(0, 100, 'east-id') },
      },
    });

    const { partitions, untranslated } = await translator.translateGroup('billing');

    expect(partitions).toEqual([]);
    expect(untranslated.map(({ from, error }) => [from.partition, from.offset, error.code])).toEqual([
      [0, 15, 'OUT_OF_RANGE'],
      [1, 300, 'OUT_OF_RANGE'],
      [2, 5, 'OFFSET_MAP_UNREADABLE'],
      [3, 5, 'NOTHING_REPLICATED'],
      [4, undefined, 'OFFSET_UNKNOWN'],
    ]);
  });

  test('that has committed nothing is unknown', async () => {
    await expect(scene().translator.translateGroup('nobody')).rejects.toMatchObject({
      code: 'UNKNOWN_GROUP',
      message: 'the group nobody has committed no offset on us-east',
    });
  });

  test('without a name is no question', async () => {
    await expect(scene().translator.translateGroup('')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('cannot be translated by a translator that has no source', async () => {
    await expect(scene({ source: 'none' }).translator.translateGroup('billing')).rejects.toMatchObject({
      code: 'CLUSTER_NOT_GIVEN',
    });
  });
});

describe('while the source does not answer', () => {
  const checkpoints = {
    at: 1_700_000_000_000,
    offsets: [
      { topic: 'us-east.orders', partition: 0, offset: 15 },
      { topic: 'us-east.clicks', partition: 0, offset: 3 },
    ],
  };

  test.each([
    ['has no brokers', 'unreachable'],
    ['tells nothing of the group', { groups: { billing: { code: 'KAFKA_UNREACHABLE' } } }],
  ] as const)('and %s, the last checkpoints are translated, with their time', async (_, source) => {
    const { translator } = scene({ source, checkpoints });

    const found = await translator.translateGroup('billing');

    expect(offsets(found)).toEqual([['orders-0', 15, 5, 0]]);
    expect(found.offsetsFrom).toMatchObject({ kind: 'checkpoints', at: 1_700_000_000_000 });
    expect(found.otherTopics).toEqual(['us-east.clicks']);
  });

  test('and there are no checkpoints, its own error is the answer', async () => {
    await expect(scene({ source: 'unreachable' }).translator.translateGroup('billing')).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
    });
  });

  test('a group of the target is translated, and checkpoints do not stand in for one', async () => {
    const target = { groups: { billing: { 'us-east.orders-0': 30 } } };
    const { translator } = scene({ source: 'unreachable', target });

    expect(offsets(await translator.translateGroup('billing', 'backward'))).toEqual([['us-east.orders-0', 30, 50, 0]]);
    await expect(
      scene({ target: 'unreachable', checkpoints }).translator.translateGroup('billing', 'backward'),
    ).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
  });
});

test('there and back again is the same place, for each record of the copy', async () => {
  const { translator } = scene();
  for (const offset of [10, 25, 39, 50, 77, 89, 90]) {
    const there = await translator.translateOffset({ topic: 'orders', partition: 0 }, offset);
    const back = await translator.translateOffset(there.to, there.to.offset, 'backward');
    expect(back.to).toEqual(there.from);
  }
});

describe('a mistake in a program, as on a Node that lacks a function,', () => {
  const mistake = new TypeError('Map.groupBy is not a function');

  test.each(['map', 'source'] as const)(
    'in reading the %s is told as it is, and not as a system that does not answer',
    async (where) => {
      const { ports } = scene({
        source: { groups: { billing: { 'orders-0': 42 } } },
        checkpoints: { at: 1, offsets: [] },
      });
      const broken =
        where === 'map' ? { maps: { read: () => Promise.reject(mistake) } } : { source: () => Promise.reject(mistake) };

      await expect(new Translator({ ...ports, ...broken }).translateGroup('billing')).rejects.toBe(mistake);
    },
  );
});

test.each([
  ['UNSTABLE_OFFSET_COMMIT', 'an open transaction'],
  ['GROUP_AUTHORIZATION_FAILED', 'Grant Describe on the group'],
  ['KAFKA_UNREACHABLE', 'Check that the brokers of us-east are up'],
  ['COORDINATOR_LOAD_IN_PROGRESS', 'look up COORDINATOR_LOAD_IN_PROGRESS'],
])('an offset that is not told for %s comes with the advice for that', async (code, advice) => {
  const { translator } = scene({ source: { groups: { billing: { 'orders-0': { code } } } } });

  expect((await translator.translateGroup('billing')).untranslated).toMatchObject([
    { error: { code: 'OFFSET_UNKNOWN', next: expect.stringContaining(advice) } },
  ]);
});
