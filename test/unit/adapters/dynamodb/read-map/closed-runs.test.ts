import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ClosedRuns } from '../../../../../shared/adapters/dynamodb/read-map/closed-runs.ts';
import { openRunOf, PartitionMap } from '../../../../../shared/adapters/dynamodb/read-map/partition-map.ts';
import type { RunWindow } from '../../../../../shared/adapters/dynamodb/read-map/run-window.ts';
import type { FlowPartition } from '../../../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../../../shared/flow/offset.ts';
import { toSource, toTarget } from '../../../../../shared/offsets/translate.ts';
import { runsOf, StoredItems, type StoredMap, storedMaps } from './stored-map.ts';

const partition: FlowPartition = {
  flow: { source: 'us-east', target: 'us-west' },
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 0,
  generation: 1,
};

async function find(
  { items, head }: StoredMap,
  sought: { readonly toTarget?: readonly number[]; readonly toSource?: readonly number[] },
  known: readonly RunWindow[] = [],
  firstPage = 2,
) {
  const stored = new StoredItems(items);
  const offsets = {
    toTarget: (sought.toTarget ?? []).map(sourceOffset),
    toSource: (sought.toSource ?? []).map(targetOffset),
  };
  const windows = await new ClosedRuns(stored, firstPage).find(partition, openRunOf(head), known, offsets, undefined);
  return { map: new PartitionMap(head, windows), windows, asked: stored.asked };
}

const offsets = fc.uniqueArray(fc.nat(120), { minLength: 1, maxLength: 12 });

describe('the closed runs that are read', () => {
  test('translate each source offset asked for as the whole map does', async () => {
    await fc.assert(
      fc.asyncProperty(storedMaps, offsets, async (stored, sought) => {
        const { map } = await find(stored, { toTarget: sought });
        const runs = runsOf(stored);
        const lowest = runs[0] ?? openRunOf(stored.head);
        for (const each of sought) {
          const whole = toTarget(runs, stored.head, sourceOffset(each));
          const expected = whole.clamped
            ? { kind: 'clamped', offset: whole.offset, beyond: each - stored.head.nextSource }
            : each < lowest.source && lowest.target > 0
              ? { kind: 'too-old', nearest: { source: lowest.source, target: lowest.target } }
              : { kind: 'exact', offset: whole.offset };
          expect(map.toTarget(sourceOffset(each))).toEqual(expected);
        }
      }),
    );
  });

  test('translate each target offset asked for as the whole map does', async () => {
    await fc.assert(
      fc.asyncProperty(storedMaps, offsets, async (stored, sought) => {
        const { map } = await find(stored, { toSource: sought });
        const runs = runsOf(stored);
        const lowest = runs[0] ?? openRunOf(stored.head);
        for (const each of sought) {
          const whole = toSource(runs, stored.head, targetOffset(each));
          const expected = whole.clamped
            ? { kind: 'clamped', offset: whole.offset, beyond: each - stored.head.nextTarget }
            : each < lowest.target
              ? { kind: 'too-old', nearest: { source: lowest.source, target: lowest.target } }
              : { kind: 'exact', offset: whole.offset };
          expect(map.toSource(targetOffset(each))).toEqual(expected);
        }
      }),
    );
  });

  test('answer the same again from memory, while the map grows', async () => {
    await fc.assert(
      fc.asyncProperty(storedMaps, offsets, offsets, async (stored, toTarget, toSource) => {
        fc.pre(stored.head.openRun !== undefined);
        const first = await find(stored, { toTarget, toSource });
        const { openRun, nextSource, nextTarget } = stored.head;
        const grown: StoredMap = {
          items: [...stored.items, ...(openRun ? [{ source: openRun.source, runs: [openRun] as const }] : [])],
          head: {
            ...stored.head,
            openRun: { source: sourceOffset(nextSource + 3), target: targetOffset(nextTarget + 1), length: 2 },
            nextSource: sourceOffset(nextSource + 5),
            nextTarget: targetOffset(nextTarget + 3),
          },
        };
        const old = (each: number, end: number) => each < end;
        const sought = {
          toTarget: toTarget.filter((each) => old(each, openRunOf(stored.head).source)),
          toSource: toSource.filter((each) => old(each, openRunOf(stored.head).target)),
        };
        const second = await find(grown, sought, first.windows);
        expect(second.asked).toEqual([]);
        for (const each of sought.toTarget) {
          expect(second.map.toTarget(sourceOffset(each))).toEqual(first.map.toTarget(sourceOffset(each)));
        }
        for (const each of sought.toSource) {
          expect(second.map.toSource(targetOffset(each))).toEqual(first.map.toSource(targetOffset(each)));
        }
        const later = await find(grown, { toTarget }, first.windows);
        const anew = await find(grown, { toTarget });
        for (const each of toTarget) {
          expect(later.map.toTarget(sourceOffset(each))).toEqual(anew.map.toTarget(sourceOffset(each)));
        }
      }),
    );
  });

  test('know nothing of runs that expired, and say what they know next to them', async () => {
    await fc.assert(
      fc.asyncProperty(storedMaps, offsets, fc.nat(8), async (stored, sought, expired) => {
        const left = { ...stored, items: stored.items.slice(expired) };
        const { map } = await find(left, { toTarget: sought, toSource: sought });
        const lowest = runsOf(left)[0] ?? openRunOf(stored.head);
        for (const each of sought) {
          const whole = toTarget(runsOf(stored), stored.head, sourceOffset(each));
          const found = map.toTarget(sourceOffset(each));
          if (found.kind === 'too-old') expect(found.nearest).toEqual({ source: lowest.source, target: lowest.target });
          else expect(found).toMatchObject({ offset: whole.offset });
        }
      }),
    );
  });

  /** 1,000 items of one run each, every run 8 records and a hole, and an open one. */
  const long: StoredMap = (() => {
    const run = (i: number) => ({ source: sourceOffset(i * 10), target: targetOffset(i * 8), length: 8 });
    return {
      items: Array.from({ length: 1_000 }, (_, i) => ({ source: i * 10, runs: [run(i)] as const })),
      head: {
        sourceTopicId: 'S',
        targetTopicId: 'T',
        nextSource: sourceOffset(10_008),
        nextTarget: targetOffset(8_008),
        openRun: run(1_000),
        lineage: 'first',
        replaying: false,
      },
    };
  })();

  it.each([
    ['nothing for an offset in the open run', { toTarget: [10_003] }, 0],
    ['one query for groups that are not far behind', { toTarget: [9_999, 9_500, 9_400] }, 1],
    ['three for one that is at the beginning', { toTarget: [0] }, 3],
    ['three for many that are close together far behind', { toTarget: [100, 150, 200, 209, 300] }, 3],
    [
      'seven for offsets all over a map of a thousand items',
      { toTarget: Array.from({ length: 1_000 }, (_, i) => i * 10 + 9) },
      7,
    ],
    ['one query for target offsets that are not far behind', { toSource: [7_999, 7_900] }, 1],
    ['three for the oldest target offset', { toSource: [0] }, 3],
  ])('take %s', async (_what, sought, queries) => {
    const { asked } = await find(long, sought, [], 64);
    expect(asked).toHaveLength(queries);
  });
});
