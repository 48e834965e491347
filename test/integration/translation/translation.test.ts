import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { TranslationScene } from './scene.ts';
import { SHARES } from './verdict.ts';

const RECORDS = 20_000;
const SET_WITHIN_MS = 180_000;

let scene: TranslationScene;
beforeAll(async () => {
  scene = await TranslationScene.set(inject('regions'), { records: RECORDS, seed: 4 });
  await scene.moveGroups();
  await scene.moveGroupsBack();
  await scene.writeNext();
}, SET_WITHIN_MS);
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** As it should be: nothing skipped, nothing read twice, in no partition. */
const exact = SHARES.map((share) => ({ share, partitions: 6, right: 6, skipped: 0, readTwice: 0 }));

describe('groups of a topic with gaps of every kind', () => {
  test('have gaps of every kind', async () => {
    const { records, compacted, aborted, cutByRetention, runs, takeOvers } = await scene.figures();

    expect(records).toBe(RECORDS + 6);
    expect(Math.min(compacted, aborted, cutByRetention)).toBeGreaterThan(100);
    expect(runs).toBeGreaterThan(100);
    expect(takeOvers).toEqual({});
  });

  test('read on the target first what they had not consumed on the source', async () => {
    expect(await scene.judgeForward()).toMatchObject(exact);
  }, 120_000);

  test('read on the source first what they had not consumed on the target', async () => {
    expect(await scene.judgeBack()).toMatchObject(exact);
  }, 120_000);

  test('are found out, record for record, when they are set elsewhere', async () => {
    await scene.misplace(90, 1, 3);
    await scene.misplace(10, 2, -2);

    const found = await scene.judgeForward();

    const [all, almost, misplaced, other, none] = exact;
    expect(found).toMatchObject([
      ...[all, almost, { ...misplaced, right: 5, skipped: 3 }],
      ...[{ ...other, right: 5, readTwice: 2 }, none],
    ]);
  }, 120_000);

  test('are the same on both clusters, as causeway verify finds', async () => {
    const { verdict, records, partitions } = await scene.flow.verify();

    expect(partitions.flatMap(({ differences }) => differences)).toEqual([]);
    expect(verdict).toBe('complete');
    expect(records.same + records.goneAtSource).toBeGreaterThanOrEqual(RECORDS);
    expect(records).toMatchObject({ missing: 0, extra: 0, changed: 0, reordered: 0, misplaced: 0, inLedger: 0 });
  }, 120_000);

  test('are the same, as runs of the function verify find, each record once', async () => {
    const { records } = await scene.flow.verify();

    const [first, second, third] = [
      await scene.flow.verifyNew(),
      await scene.flow.verifyNew(),
      await scene.flow.verifyNew(),
    ];

    for (const each of [first, second, third])
      expect(each).toMatchObject({ differences: [], unverified: [], elsewhere: [] });
    expect(first.records + second.records).toBe(records.same);
    expect(third).toMatchObject({ records: 0 });
  }, 120_000);

  test('are not, as causeway verify finds, with a record in the copy that the flow did not write', async () => {
    await scene.writeStray(1);
    await scene.writeNext();

    const { verdict, partitions } = await scene.flow.verify();

    expect(verdict).toBe('different');
    expect(
      partitions.flatMap(({ partition, differences }) => differences.map(({ kind }) => [partition, kind])),
    ).toEqual([[1, 'extra']]);
  }, 120_000);

  test('are not, as the next runs of the function find, of which one tells it', async () => {
    const runs = [await scene.flow.verifyNew(), await scene.flow.verifyNew(), await scene.flow.verifyNew()];

    expect(runs.flatMap(({ differences }) => differences.map(({ kind }) => kind))).toEqual(['extra']);
    expect(runs[0]?.records).toBeGreaterThan(0);
    expect(runs[2]).toMatchObject({ records: 0, unverified: [], differences: [] });
  }, 120_000);
});
