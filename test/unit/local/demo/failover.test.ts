import { expect, it } from 'vitest';
import { describeLoss, toldBy } from '../../../../local/demo/failover.ts';

const stage = (name: string, evidence: object) => ({ stage: name, says: '', evidence });

it('takes what a failover told of its loss from its status', () => {
  const stages = [stage('stop-flow', { held: 13 }), stage('bound-loss', { atLeast: 10, atMost: 40, seconds: 1 })];

  expect(toldBy({ flow: 'us-east->us-west', stages })).toEqual({ atLeast: 10, atMost: 40 });
  expect(() => toldBy({ stages: [] })).toThrow();
});

it.each([
  [9, false],
  [10, true],
  [40, true],
  [41, false],
])('of %i records that were left behind, 10 to 40 were told: %s', (leftBehind, isInside) => {
  const told = describeLoss({ atLeast: 10, atMost: 40 }, leftBehind);

  expect(told.isInside).toBe(isInside);
  expect(told.line).toContain(`${leftBehind} records were left behind`);
  expect(told.line).toContain(isInside ? 'logs: inside what' : 'logs: NOT inside what');
});
