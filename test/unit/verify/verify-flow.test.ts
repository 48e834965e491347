import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { COUNT, flipped, runs, source, target } from './long-logs.ts';
import { BEGUN, copied, portsOf, record, recordsUpTo, run, stamped, verified } from './scene.ts';

describe('a comparison', () => {
  test('finds logs complete that are the same', async () => {
    const report = await verified({ source, target: copied(source), runs });

    expect(report.verdict).toBe('complete');
    expect(report.records).toMatchObject({ same: COUNT, missing: 0, extra: 0, changed: 0, misplaced: 0 });
    const [partition] = report.partitions;
    expect(partition?.windows.reduce((sum, each) => sum + each.source.records, 0)).toBe(COUNT);
    for (const each of partition?.windows ?? []) expect(each.source).toEqual(each.target);
    expect(partition?.windows[0]?.from).toBe('2026-01-01T12:00:00.000Z');
  });

  test('reads compressed batches', async () => {
    const report = await verified({ source, target: copied(source), runs, codec: 'zstd' });

    expect(report.records.same).toBe(COUNT);
  });

  test('finds one byte that is another, and says where it stands', async () => {
    const report = await verified({ source, target: target((all) => Object.assign(all[5_000] ?? {}, flipped)), runs });

    expect(report.verdict).toBe('different');
    expect(report.partitions[0]?.differences).toEqual([
      { kind: 'changed', source: 5_000, target: 5_000, change: { part: 'value', byte: 9 } },
    ]);
    expect(report.records.same).toBe(COUNT - 1);
    const apart = report.partitions[0]?.windows.filter((each) => each.source.checksum !== each.target.checksum);
    expect(apart?.map(({ from }) => from)).toEqual([new Date(BEGUN + 3_600_000).toISOString()]);
  });

  test('finds a record that is missing, and that the map is wrong from there on', async () => {
    const report = await verified({
      source,
      target: target((all) => all.splice(5_000, 1)),
      runs: [run(0, 0, COUNT - 1)],
      nextSource: COUNT,
    });

    expect(report.partitions[0]?.differences).toEqual([
      { kind: 'missing', source: 5_000, inMap: true },
      { kind: 'misplaced', from: 5_001, to: COUNT, by: 1 },
    ]);
    expect(report.records).toMatchObject({
      same: COUNT - 1,
      missing: 1,
      extra: 0,
      changed: 0,
      misplaced: COUNT - 5_001,
    });
  });

  test('finds a record that is one too many', async () => {
    const report = await verified({
      source,
      target: target((all) => all.splice(5_000, 0, record(99_999))),
      runs: [run(0, 0, 5_000), run(5_000, 5_001, COUNT - 5_000)],
    });

    expect(report.partitions[0]?.differences).toEqual([{ kind: 'extra', target: 5_000, source: undefined }]);
    expect(report.records.same).toBe(COUNT);
  });

  test('finds a record that stands there twice', async () => {
    const report = await verified({
      source,
      target: target((all) => all.splice(5_000, 0, record(4_990))),
      runs: [run(0, 0, 5_000), run(5_000, 5_001, COUNT - 5_000)],
    });

    expect(report.partitions[0]?.differences).toEqual([{ kind: 'extra', target: 5_000, source: undefined }]);
  });

  test('finds two records in the wrong order', async () => {
    const swapped = target((all) => all.splice(5_000, 2, record(5_001), record(5_000)));

    const report = await verified({ source, target: swapped, runs });

    expect(report.partitions[0]?.differences).toEqual([
      { kind: 'reordered', sources: [5_000, 5_001], targets: [5_001, 5_000] },
    ]);
    expect(report.records).toMatchObject({ same: COUNT - 2, reordered: 2 });
    expect(report.partitions[0]?.windows.some((each) => each.source.checksum !== each.target.checksum)).toBe(true);
  });

  test.each([20, 3_000])('finds a record that stands %d places too late', async (places) => {
    const late = target((all) => all.splice(5_000 + places, 0, ...all.splice(5_000, 1)));

    const report = await verified({ source, target: late, runs });

    expect(report.records).toMatchObject({ missing: 0, extra: 0, changed: 0 });
    expect(report.records.reordered).toBeGreaterThan(0);
    expect(report.records.same + report.records.reordered).toBe(COUNT);
    expect(JSON.stringify(report.partitions[0]?.differences)).toContain('5000');
  });

  test('finds one of each in the same partition', async () => {
    const all = target((copies) => {
      Object.assign(copies[2_000] ?? {}, flipped);
      copies.splice(4_000, 2, record(4_001), record(4_000));
      copies.splice(6_000, 1);
      copies.splice(8_000, 0, record(99_999));
    });

    const report = await verified({ source, target: all, runs });

    expect(report.records).toMatchObject({ changed: 1, reordered: 2, missing: 1, extra: 1 });
    expect(report.partitions[0]?.differences).toMatchObject([
      { kind: 'changed', source: 2_000 },
      { kind: 'reordered', sources: [4_000, 4_001] },
      { kind: 'missing', source: 6_000 },
      { kind: 'misplaced', from: 6_001, to: 8_001, by: 1 },
      { kind: 'extra', target: 8_000 },
    ]);
  });

  test('finds whatever was done to the copies, wherever', async () => {
    const kinds = fc.constantFrom('changed', 'missing', 'extra', 'reordered');
    const faults = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 38 }), kinds), {
      selector: ([place]) => place,
      maxLength: 6,
    });
    const some = recordsUpTo(1_200);
    await fc.assert(
      fc.asyncProperty(faults, async (planted) => {
        const copies = some.map((each) => ({ ...each }));
        // From the end, so that places stay what they are.
        for (const [place, kind] of planted.toSorted(([a], [b]) => b - a)) {
          const at = 10 + place * 30;
          if (kind === 'changed') Object.assign(copies[at] ?? {}, { key: 'AAAA' });
          if (kind === 'missing') copies.splice(at, 1);
          if (kind === 'extra') copies.splice(at, 0, record(50_000 + at));
          if (kind === 'reordered') copies.splice(at, 2, record(at + 1), record(at));
        }
        const report = await verified({
          source: some,
          target: copied(copies),
          runs: [run(0, 0, Math.min(some.length, copies.length))],
          nextSource: some.length,
          nextTarget: copies.length,
        });

        const found = { changed: 0, missing: 0, extra: 0, reordered: 0 };
        for (const [, kind] of planted) found[kind] += kind === 'reordered' ? 2 : 1;
        expect(report.records).toMatchObject(found);
        expect(report.verdict).toBe(planted.length === 0 ? 'complete' : 'different');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a flow that keeps names', () => {
  const fromWest = { headers: [{ 'origin-dc': [...Buffer.from('us-west')] }] };

  test('stamps its copies, and leaves out what came from the target', async () => {
    const both = source.map((each) => (each.offset % 4 === 0 ? { ...each, ...fromWest } : each));
    const ours = both.filter(({ offset }) => offset % 4 !== 0);
    const runsOf3 = Array.from({ length: COUNT / 4 }, (_, i) => run(i * 4 + 1, i * 3, 3));

    const report = await verified({ source: both, target: copied(stamped(ours)), runs: runsOf3, identity: true });

    expect(report).toMatchObject({ verdict: 'complete', records: { same: ours.length, leftOut: COUNT / 4 } });
  });

  test('is different where a stamp is missing', async () => {
    const copies = copied(stamped(source)).map((each) => (each.offset === 9 ? { ...each, headers: [] } : each));

    const report = await verified({ source, target: copies, runs, identity: true });

    expect(report.partitions[0]?.differences).toEqual([
      { kind: 'changed', source: 9, target: 9, change: { part: 'headers', byte: 0 } },
    ]);
  });

  test('shares its topics with the target’s own producers', async () => {
    const copies = copied([...stamped(source.slice(0, 100)), record(70_000), ...stamped(source.slice(100))]);
    const around = [run(0, 0, 100), run(100, 101, COUNT - 100)];

    const report = await verified({ source, target: copies, runs: around, identity: true });

    expect(report).toMatchObject({ verdict: 'complete', records: { same: COUNT, foreign: 1, extra: 0 } });
  });
});

test('a map that is cut meanwhile proves nothing', async () => {
  const head = (asked: number) => (asked === 0 ? {} : { targetTopicId: 'another' });

  const report = await verified({ source, target: copied(source), runs, head });

  expect(report.verdict).toBe('unproven');
  expect(report.partitions[0]?.reason).toContain('compare it again');
});

test('records of a time alone are compared', async () => {
  const times = { from: BEGUN + 1_000_000, to: BEGUN + 2_000_000 };
  const faulty = target((copies) => {
    Object.assign(copies[500] ?? {}, flipped);
    Object.assign(copies[1_500] ?? {}, flipped);
  });

  const report = await verified({ source, target: faulty, runs }, { times });

  expect(report.records).toMatchObject({ same: 999, changed: 1 });
});

test('logs that have nothing in common are given up', async () => {
  const others = copied(source.map((each) => record(each.offset + 500_000)));

  const report = await verified({ source, target: others, runs }, { mostApart: 100 });

  expect(report.verdict).toBe('different');
  expect(report.partitions[0]?.reason).toContain('given up');
  expect(report.partitions[0]?.differences).toHaveLength(20);
});

test('records that were copied before the source’s log was cut back are no difference', async () => {
  const copies = copied([...source.slice(0, 100), record(80_000), record(80_001), ...source.slice(100)]);
  const ledger = [{ kind: 'source-divergence', from: sourceOffset(100), to: sourceOffset(102), at: BEGUN } as const];

  const report = await verified({ source, target: copies, runs: [run(0, 0, 100), run(100, 102, COUNT - 100)], ledger });

  expect(report).toMatchObject({ verdict: 'complete', records: { orphaned: 2, same: COUNT } });
});

test('a partition of which nothing is replicated is unproven, unless there is nothing in it', async () => {
  const ports = portsOf({ source, target: [], runs: [] });
  const { verifyPartition } = await import('../../../shared/verify/partition.ts');
  const partition = { flow: ports.flow, topic: 'orders', remoteTopic: 'us-east.orders', partition: 0, generation: 1 };
  const options = {
    times: { from: undefined, to: undefined },
    ...{ windowMs: 60_000, mostApart: 10, compacted: { source: false, target: false } },
    ...{ state: undefined, onTurn: () => {}, signal: new AbortController().signal },
    inTurn: <T>(_: number, compare: () => Promise<T>) => compare(),
  };

  const full = await verifyPartition({ ...ports, head: async () => undefined }, partition, options);
  const empty = await verifyPartition(
    { ...portsOf({ source: [], target: [], runs: [] }), head: async () => undefined },
    partition,
    options,
  );

  expect(full).toMatchObject({ verdict: 'unproven', reason: expect.stringContaining('12000 offsets waiting') });
  expect(empty.verdict).toBe('complete');
});
