import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { onceInRun } from '../../integration/deployed/once.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-once-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what several ask for at the same time is done once, and all of them wait for it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const told: string[] = [];
  const work = async () => {
    await promise;
    told.push('done');
  };
  const all = Promise.all([1, 2, 3].map(() => onceInRun(folder, 'bootstrap', work).then(() => told.push('went on'))));

  expect(told).toEqual([]);
  resolve();
  await all;
  await onceInRun(folder, 'bootstrap', work);

  expect(told).toEqual(['done', 'went on', 'went on', 'went on']);
});

test('what fails fails for all that wait, and is tried again by the next to come', async () => {
  let tries = 0;
  const work = async () => {
    tries++;
    throw new Error('no bucket');
  };
  const outcomes = await Promise.allSettled([1, 2].map(() => onceInRun(folder, 'bootstrap', work)));

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(tries).toBe(1);
  await expect(onceInRun(folder, 'bootstrap', work)).rejects.toThrow('no bucket');
  expect(tries).toBe(2);
});
