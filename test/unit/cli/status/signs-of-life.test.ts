import { describe, expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { checkpointed, orders, statusOf } from './scene.ts';

describe('checkpoints', () => {
  const topics = { orders: orders([100, 100]) };
  const groups = { billing: { orders: 70 } };
  const onTarget = { billing: { orders: 70 } };

  test('that agree with the groups are well, however old: they are written only on change', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 999.9 });

    expect(status).toMatchObject({ wrong: false, checkpointsAgree: { groups: 1, missing: [] } });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
      'checkpoint  as 1 group committed; the last was written 999.9 s ago',
    );
  });

  test('that are due and not written are wrong, however young the last one is', async () => {
    const status = await statusOf({ topics, groups, onTarget, checkpointed: [checkpointed('billing', 'orders', 60)] });

    expect(status).toMatchObject({ wrong: true, checkpointsAgree: { missing: ['billing in us-east.orders-0'] } });
    expect(status.problems).toEqual([
      'the checkpoints of a group (billing in us-east.orders-0) are not as it committed, and none was written within 15 s: see the log of the function checkpoint',
    ]);
  });

  test('that come at the next tick, for a group that has gone on meanwhile, are right', async () => {
    const status = await statusOf({
      ...{ topics, groups, onTarget, checkpointed: [checkpointed('billing', 'orders', 60)] },
      checkpointedLater: [checkpointed('billing', 'orders', 75)],
    });

    expect(status).toMatchObject({ wrong: false, checkpointsAgree: { groups: 1, missing: [] } });
  });

  test('are not compared with groups whose places nobody knows', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 9, lost: ['table'] });

    expect(status.checkpointsAgree).toBeUndefined();
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('checkpoint  9 s old');
  });
});

test.each([
  ['that is older than the limit is wrong', 1_000, 61, true],
  ['is not missed before ten are missing', 30_000, 61, false],
])('a heartbeat %s', async (_, heartbeatMs, heartbeat, wrong) => {
  const status = await statusOf({ heartbeatMs, heartbeat });

  expect(status.wrong).toBe(wrong);
  if (wrong) expect(status.problems[0]).toContain('the newest heartbeat of us-east is 61 s old, more than 60 s');
});

describe('heartbeats and checkpoints', () => {
  const topics = { orders: orders([80, 80]) };
  const groups = { billing: { orders: 1 } };

  test('are told with their age', async () => {
    expect(await statusOf({ topics, heartbeat: 2, checkpoint: 3 })).toMatchObject({
      wrong: false,
      heartbeat: { state: 'written', ageSeconds: 2 },
      checkpoint: { state: 'written', ageSeconds: 3 },
    });
  });

  test.each([
    ['the target does not answer', { lost: ['target' as const] }, 'us-west could not be asked'],
    ['they may not be read', { refused: 'TOPIC_AUTHORIZATION_FAILED' }, 'TOPIC_AUTHORIZATION_FAILED'],
  ])('are not known where %s: that they are missing is not claimed', async (_, scene, why) => {
    const status = await statusOf({ topics, ...scene });

    expect(status).toMatchObject({
      wrong: true,
      heartbeat: { state: 'unknown', because: expect.stringContaining(why) },
      checkpoint: { state: 'unknown', because: expect.stringContaining(why) },
    });
    const text = statusAnswer([status], false).text(UNSTYLED);
    expect(text).toContain('checkpoint  not known: ');
    expect(text).not.toMatch(/none was written|none has come/);
  });

  test('that were never written are wrong where groups have a place on the target', async () => {
    const status = await statusOf({ topics, groups, checkpoint: 'none' });

    expect(status).toMatchObject({ wrong: true, checkpoint: { state: 'none' } });
    expect(status.problems).toEqual([expect.stringContaining('no checkpoint was ever written, though 1 group')]);
  });

  test('are not missed where there are no groups, or the file switches them off', async () => {
    expect(await statusOf({ topics, checkpoint: 'none' })).toMatchObject({ wrong: false });
    expect(await statusOf({ topics, groups, checkpoint: 'none', writesCheckpoints: false })).toMatchObject({
      wrong: false,
      checkpoint: { state: 'none', because: 'emit.checkpoints.enabled is false' },
    });
    expect((await statusOf({ topics, copiesHeartbeats: false })).heartbeat).toEqual({
      state: 'none',
      because: 'heartbeats.replication.enabled is false',
    });
  });
});
