import { expect, test } from 'vitest';
import { estimate } from '../../../shared/cost/estimate.ts';
import { countedAlarms, countedMetrics } from '../../../shared/cost/watching.ts';
import { question } from './question.ts';

const partsOf = (verifyMinutes: number | undefined) => {
  const { flows } = estimate(question({}, { verifyMinutes }));
  return new Map(flows.flatMap(({ parts }) => parts).map((part) => [part.name, part]));
};

test('comparing all the time is the same transfer again, and little beside it', () => {
  const [without, with_] = [partsOf(undefined), partsOf(15)];
  const added = [...with_.keys()].filter((name) => !without.has(name));

  expect(added).toEqual(['verify, requests', 'verify, compute', 'transfer to verify']);
  expect(with_.get('transfer to verify')?.usdPerMonth).toBe(without.get('transfer of records')?.usdPerMonth);
  expect(with_.get('verify, requests')?.quantity).toBe((730 * 60) / 15);
  // A thousand million records, 2.5 s for each million, of one CPU.
  expect(with_.get('verify, compute')?.quantity).toBeCloseTo(2_500 * (1_769 / 1_024));
});

test('it has two alarms and two metrics of its own, where it is enabled', () => {
  const [
    {
      flows: [without],
    },
    {
      flows: [with_],
    },
  ] = [question(), question({}, { verifyMinutes: 15 })];
  if (without === undefined || with_ === undefined) throw new Error('no flow');

  expect(countedAlarms(with_).alarms - countedAlarms(without).alarms).toBe(2);
  expect(countedMetrics(with_).count - countedMetrics(without).count).toBe(2);
  expect(countedMetrics(with_).because).toContain('2 of verify');
});
