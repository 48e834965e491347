import { describe, expect, test } from 'vitest';
import { sourceOffset } from '../../../shared/flow/offset.ts';
import { COUNT, runs, source } from './long-logs.ts';
import { BEGUN, copied, recordsUpTo, run, type Scene, verified } from './scene.ts';

describe('what is not in the target', () => {
  const holed = source.filter(({ offset }) => offset < 100 || offset >= 150);

  test('is no difference where the source has holes', async () => {
    const report = await verified({
      source: holed,
      target: copied(holed),
      runs: [run(0, 0, 100), run(150, 100, COUNT - 150)],
    });

    expect(report).toMatchObject({ verdict: 'complete', records: { same: COUNT - 50, missing: 0, goneAtSource: 0 } });
  });

  test('is no difference where the gap ledger has it, and one where it has not', async () => {
    const scene: Scene = {
      source,
      target: copied(holed),
      runs: [run(0, 0, 100), run(150, 100, COUNT - 150)],
      ledger: [{ kind: 'quarantine', from: sourceOffset(100), to: sourceOffset(149), location: 'x', at: BEGUN }],
    };

    const report = await verified(scene);

    expect(report.records).toMatchObject({ inLedger: 49, missing: 1, same: COUNT - 50, misplaced: 0 });
    expect(report.partitions[0]?.differences).toEqual([{ kind: 'missing', source: 149, inMap: false }]);
  });

  test.each([true, false])(
    'is no difference before the offset that was noted as the first to be copied, and one from there on (earliest: %s)',
    async (startsAtBeginning) => {
      const late = source.filter(({ offset }) => offset >= 500);
      const scene = { source, target: copied(late), runs: [run(500, 0, COUNT - 500)], startsAtBeginning };

      const well = await verified({ ...scene, begin: 500 });
      const short = await verified({ ...scene, begin: 497 });

      expect(well).toMatchObject({ verdict: 'complete', records: { same: COUNT - 500, missing: 0 } });
      expect(well.partitions[0]?.bounds).toMatchObject({ beforeMap: 500 });
      expect(short).toMatchObject({ verdict: 'different', records: { same: COUNT - 500, missing: 3 } });
    },
  );

  test('is counted apart where the target was compacted, but only what the map has a place for', async () => {
    const runsWithout7 = [run(0, 0, 7), run(8, 7, 992)];
    const some = recordsUpTo(1_000);
    const kept = copied(some.filter(({ offset }) => offset !== 7)).filter(({ offset }) => offset % 10 !== 0);

    const report = await verified({ source: some, target: kept, runs: runsWithout7, compacted: ['target'] });

    expect(report.records).toMatchObject({ compactedAtTarget: 100, missing: 1, same: 899 });
    expect(report.partitions[0]?.differences).toEqual([{ kind: 'missing', source: 7, inMap: false }]);
  });

  test('and that at the end of the log is found too', async () => {
    const report = await verified({ source, target: copied(source).slice(0, -1), runs });

    expect(report.partitions[0]?.differences).toEqual([{ kind: 'missing', source: COUNT - 1, inMap: true }]);
  });
});

describe('what is not in the source any more', () => {
  test('is no difference below the log’s start', async () => {
    const report = await verified({ source, target: copied(source), runs, logStart: { source: 5_000 } });

    expect(report).toMatchObject({ verdict: 'complete', records: { same: COUNT - 5_000 } });
  });

  test('is counted apart where the source was compacted', async () => {
    const kept = source.filter(({ offset }) => offset % 3 === 0);

    const report = await verified({ source: kept, target: copied(source), runs, compacted: ['source'] });

    expect(report).toMatchObject({
      verdict: 'complete',
      records: { same: kept.length, goneAtSource: COUNT - kept.length },
    });
  });

  test('is one too many where the source removes nothing', async () => {
    const kept = source.filter(({ offset }) => offset !== 77);

    const report = await verified({ source: kept, target: copied(source), runs });

    expect(report.partitions[0]?.differences).toEqual([{ kind: 'extra', target: 77, source: 77 }]);
  });

  test('is not asked for where the target does not hold it any more', async () => {
    const report = await verified({ source, target: copied(source), runs, logStart: { target: 2_000 } });

    expect(report).toMatchObject({ verdict: 'complete', records: { same: COUNT - 2_000 } });
    expect(report.partitions[0]?.bounds).toMatchObject({ goneAtTarget: 2_000 });
  });
});
