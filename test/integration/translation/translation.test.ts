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
});
