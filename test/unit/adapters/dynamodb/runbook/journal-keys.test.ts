import { expect, it } from 'vitest';
import {
  generationOf,
  runKey,
  stageKey,
  stageKeys,
} from '../../../../../shared/adapters/dynamodb/runbook/journal-keys.ts';
import { STAGES } from '../../../../../shared/runbook/stages.ts';

it('stages stand in the order of their table, between the keys of their run, undo behind them', () => {
  const run = runKey(7);
  const keys = [...STAGES.map(({ name }) => name), 'undo' as const].map((name) => stageKey(run, name));
  const { from, to } = stageKeys(run);

  expect(keys[0]).toBe('RUN#0000000007#00-lock');
  expect([from, ...keys, to]).toEqual([to, ...keys.toReversed(), from].toSorted());
  expect(new Set(keys).size).toBe(STAGES.length + 1);
});

it('runs sort by generation, and their keys tell it', () => {
  const generations = [1, 9, 10, 99, 1_000_000];
  expect(generations.toReversed().map(runKey).toSorted()).toEqual(generations.map(runKey));
  expect(generations.map((generation) => generationOf(stageKey(runKey(generation), 'drain')))).toEqual(generations);
});
