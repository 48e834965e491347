import { describe, expect, test } from 'vitest';
import { faultsOf, flow } from './two-clusters.ts';

describe('what a file says of runbooks', () => {
  test('nothing: they are deployed, nobody has to approve, nothing may be lost in silence, and nothing starts by itself', () => {
    expect(flow().runbooks).toEqual({
      enabled: true,
      approval: [],
      lossAllowedRecords: 0,
      watchLagSeconds: 30,
      fenceByAcls: false,
      failoverCooldownMinutes: 60,
      planSteps: false,
      drillEveryDays: 90,
    });
  });

  test('for one flow, before what holds for all', () => {
    const { runbooks } = flow(
      'causeway.runbooks.approval = switchover, failback',
      'us-east->us-west.causeway.runbooks.approval = failover',
      'causeway.rto.seconds = 90',
      'causeway.rpo.seconds = 0',
      'us-east->us-west.causeway.loss.allowed.records = 1000',
      'causeway.watch.lag.seconds = 5',
      'us-east->us-west.causeway.failover.alarm.minutes = 5',
      'causeway.failover.alarm.cooldown.minutes = 240',
      'causeway.drill.every.days = 30',
      'causeway.plan.steps = true',
      'us-east->us-west.causeway.fence.acls = true',
    );

    expect(runbooks).toEqual({
      enabled: true,
      approval: ['failover'],
      rtoSeconds: 90,
      rpoSeconds: 0,
      lossAllowedRecords: 1000,
      watchLagSeconds: 5,
      failoverAlarmMinutes: 5,
      failoverCooldownMinutes: 240,
      planSteps: true,
      drillEveryDays: 30,
      fenceByAcls: true,
    });
  });

  test.each([
    ['causeway.runbooks.approval = failover, drill', 'some of switchover, failover, failback'],
    ['causeway.rto.seconds = 0', 'a whole number from 1 to 86400'],
    ['causeway.loss.allowed.records = -1', 'a whole number from 0 to 9007199254740991'],
    ['causeway.watch.lag.seconds = 91', 'a whole number from 1 to 90'],
    ['causeway.failover.alarm.minutes = 1', 'a whole number from 2 to 60'],
    ['causeway.failover.alarm.minutes = true', 'a whole number from 2 to 60'],
    ['causeway.failover.alarm.cooldown.minutes = 0', 'a whole number from 5 to 10080'],
    ['causeway.drill.every.days = 0', 'a whole number from 1 to 366'],
    ['causeway.runbooks.enabled = perhaps', 'true or false'],
  ])('%s is a fault', (line, expected) => {
    expect(faultsOf(line)).toMatchObject([{ line: 5, expected }]);
  });
});
