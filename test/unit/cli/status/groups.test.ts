import { describe, expect, test } from 'vitest';
import { statusAnswer } from '../../../../shared/cli/commands/status.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { orders, statusOf } from './scene.ts';

describe('a group', () => {
  test('is as far behind as it has not consumed, and says how much of the rest the target lacks', async () => {
    const status = await statusOf({
      topics: { orders: orders([100, 60]) },
      groups: { billing: { orders: 70 }, audit: { orders: 100 } },
      age: () => 3,
    });

    expect(status.groups).toMatchObject([
      { group: 'billing', partitions: 1, translated: 1, records: 30, seconds: 3, notReplicated: 10 },
      { group: 'audit', records: 0, seconds: 0, notReplicated: 40 },
    ]);
    expect(status.wrong).toBe(false);
  });

  test('that Lambda’s pollers read with, or that reads other topics only, is not shown', async () => {
    const groups = { 'causeway.orders': { orders: 60 }, local: { stock: 1 } };

    expect((await statusOf({ topics: { orders: orders([60, 60]) }, groups })).groups).toEqual([]);
  });

  test('that lies past the end of the log is wrong', async () => {
    const status = await statusOf({ topics: { orders: orders([60, 60]) }, groups: { billing: { orders: 99 } } });

    expect(status).toMatchObject({ wrong: true, groups: [{ translated: 0 }] });
    expect(status.groups[0]?.problems[0]).toContain('past the end of the source’s log');
  });
});

describe('a group on the target', () => {
  const topics = { orders: orders([100, 100]) };
  const groups = { billing: { orders: 70 } };

  test('that stays behind its place is wrong: it would read those records twice', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 50 } } });

    expect(status.groups).toMatchObject([
      { onTarget: { synced: true, inPlace: 0, behind: { partitions: 1, records: 20 } } },
    ]);
    const { exitCode, text } = statusAnswer([status], false);
    expect(exitCode).toBe(1);
    expect(text(UNSTYLED)).toMatch(/^us-east->us-west {2}wrong: group billing; 1 topic, 1 group\n/);
    expect(text(UNSTYLED).replace(/\s+/g, ' ')).toContain(
      'behind its place on us-west by 20 records, still after 15 s, and would read them twice (us-east.orders-0); see the log of the function checkpoint',
    );
  });

  test('that comes to its place at the next tick is right: a group that moves is always a little behind', async () => {
    const scene = { topics, groups, onTarget: { billing: { orders: 50 } }, onTargetLater: { billing: { orders: 71 } } };

    expect(await statusOf(scene)).toMatchObject({ wrong: false, groups: [{ onTarget: { inPlace: 1 }, problems: [] }] });
  });

  test('that is ahead of its place is wrong: it would skip records, and is never set back', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 90 } } });

    expect(status).toMatchObject({ wrong: true, groups: [{ onTarget: { ahead: { partitions: 1, records: 20 } } }] });
    expect(status.groups[0]?.problems).toEqual([
      'ahead of its place on us-west by 20 records, and would skip them (us-east.orders-0); offsets are never set back: docs/groups.md says what to do',
    ]);
  });

  test('that never got an offset there is wrong', async () => {
    const status = await statusOf({ topics, groups, onTarget: {} });

    expect(status).toMatchObject({ wrong: true, groups: [{ onTarget: { nowhere: 1 } }] });
    expect(status.groups[0]?.problems[0]).toContain('would begin by its auto.offset.reset');
  });

  test('with members there is said to be active, wherever it is', async () => {
    const status = await statusOf({ topics, groups, onTarget: { billing: { orders: 90 } }, active: ['billing'] });

    expect(status).toMatchObject({ wrong: false, groups: [{ onTarget: { active: true } }] });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain('active on us-west');
  });

  test('is held against nothing where the file does not have offsets committed, and that is said', async () => {
    const status = await statusOf({ topics, groups, onTarget: {}, commitsOffsets: false });

    expect(status).toMatchObject({ wrong: false, groups: [{ onTarget: { synced: false }, problems: [] }] });
    expect(statusAnswer([status], false).text(UNSTYLED)).toContain(
      'offsets     not committed on us-west: sync.group.offsets.enabled is false',
    );
  });

  test('may be watched for a while, which makes nothing else older', async () => {
    const scene = { topics: { orders: orders([100, 99]) }, groups: { billing: { orders: 70 } }, age: () => 50 };
    const status = await statusOf({ ...scene, heartbeat: 50, onTarget: { billing: { orders: 50 } } });

    expect(status).toMatchObject({
      problems: [],
      topics: [{ seconds: 50, problems: [] }],
      heartbeat: { ageSeconds: 50 },
    });
    expect(status.asked[0]?.ageSeconds).toBe(15);
  });

  test('is watched for as long as was asked for, and not at all with 0', async () => {
    const scene = { topics, groups, onTarget: { billing: { orders: 50 } }, onTargetLater: { billing: { orders: 71 } } };
    const told: unknown[] = [];
    const watching = (...of: unknown[]) => told.push(of);

    expect((await statusOf(scene, { groupMs: 0, watching })).wrong).toBe(true);
    expect((await statusOf(scene, { groupMs: 2_000, watching })).wrong).toBe(false);
    expect(told).toEqual([[1, 2]]);
  });

  test('that is in no checkpoint yet is waited for until groups are listed anew, if that is soon', async () => {
    const scene = { topics, groups, onTarget: {}, checkpointed: [] };

    expect((await statusOf(scene)).groups[0]?.problems[0]).toContain('still after 75 s');
    expect(await statusOf({ ...scene, listMs: 600_000 })).toMatchObject({
      wrong: false,
      groups: [{ onTarget: { unlisted: true } }],
    });
  });
});
