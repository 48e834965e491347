import { describe, expect, it } from 'vitest';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import type { SourceEnds } from '../../../../shared/loss/source-ends.ts';
import type { StepName } from '../../../../shared/runbook/stages.ts';
import { Scene } from './scene.ts';

/** The source is gone, and all stages before `stage` have passed. */
async function lostBefore(stage: StepName, prepare: (scene: Scene) => void = () => {}): Promise<Scene> {
  const scene = Scene.withOrders();
  scene.beats = false;
  scene.heartbeatAt = scene.now - 60_000;
  scene.east.lose();
  scene.there.controlPlaneAway = true;
  prepare(scene);
  await scene.upTo(stage, 'failover');
  return scene;
}

function endsOf(scene: Scene, ends: readonly number[]): SourceEnds {
  const at = scene.now;
  return {
    samples: [
      { askedAt: at, answeredAt: at },
      { askedAt: at - 1_000, answeredAt: at - 1_000 },
    ],
    partitions: ends.map((end, partition) => ({
      ...{ topic: 'orders', partition, topicId: 'east orders' },
      committedEnd: sourceOffset(end),
      seen: [
        { sample: 0, logEnd: sourceOffset(end) },
        { sample: 1, logEnd: sourceOffset(end - 5) },
      ],
      peak: { current: 5, previous: 5 },
    })),
    peak: { current: 10, previous: 10 },
    ...{
      peaksSince: at - 5_000,
      answeredAt: at,
      silence: { since: at + 1_000, toldAt: at + 1_500, confirmedAt: at + 1_500 },
    },
  };
}

function record(offset: number, digest = `record ${offset}`) {
  return { offset, digest };
}

describe('bound-loss', () => {
  it('of a planned run is nothing, or names what is left and stops', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('bound-loss');
    expect(await scene.call('bound-loss')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.record('bound-loss')?.evidence).toMatchObject({ atLeast: 0, atMost: 0, seconds: 0 });
    scene.there.copyTo('orders', 0, 93);
    const answer = await scene.call('bound-loss');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'RECORDS_LEFT' });
    expect(answer.says).toContain('orders-0: 7 records');
  });

  it('of an emergency tells at least and at most so many records, and warns', async () => {
    const scene = await lostBefore('bound-loss', (it) => {
      it.sourceEnds = endsOf(it, [110, 200]);
    });
    const answer = await scene.call('bound-loss', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    const { atLeast, atMost, unknown } = scene.record('bound-loss')?.evidence ?? {};
    expect([atLeast, unknown]).toEqual([10, 0]);
    expect(atMost).toBeGreaterThanOrEqual(10);
    expect(atMost).toBeLessThan(60);
  });

  it('of an emergency goes on where nothing was ever seen of the source, and says so', async () => {
    const scene = await lostBefore('bound-loss');
    expect(await scene.call('bound-loss', 'failover')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('not known'),
    });
  });
});

describe('move-groups', () => {
  it('translates copies forward, originals backward, commits, reads back, and does nothing twice', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('move-groups');
    expect(await scene.call('move-groups')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    const at = (topic: string, partition: number) => scene.westGroups.at('payments', topic, partition);
    expect([at('east.orders', 0), at('east.orders', 1), at('orders', 0)]).toEqual([100, 150, 7]);
    expect(scene.westGroups.offsets.get('payments')?.get('orders')?.get(0)).toMatchObject({ metadata: 'kept' });
    expect(await scene.call('move-groups')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.changes.filter((each) => each === 'west group payments committed')).toHaveLength(1);
  });

  it('moves a group whole or not at all', async () => {
    const scene = Scene.withOrders();
    scene.westGroups.group('payments', { 'east.orders-1': 170 });
    await scene.upTo('move-groups');
    const answer = await scene.call('move-groups');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'GROUPS_LEFT_OUT' });
    expect(answer.says).toContain('payments: orders-1 ahead-on-target (at 170, translated 150)');
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBeUndefined();
  });

  it('leaves a group alone that is in use on the other cluster', async () => {
    const scene = Scene.withOrders();
    scene.westGroups.group('payments', {}, 'Stable');
    await scene.upTo('move-groups');
    expect(await scene.call('move-groups')).toMatchObject({
      code: 'GROUPS_LEFT_OUT',
      says: expect.stringContaining('group-active-on-target'),
    });
  });

  it('waits for what passes by itself, such as an offset that a transaction is about to commit', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('payments', { 'orders-1': 'UNSTABLE_OFFSET_COMMIT' });
    await scene.upTo('move-groups');
    expect(await scene.call('move-groups')).toMatchObject({ kind: 'waiting' });
    scene.eastGroups.group('payments', { 'orders-1': 160 });
    expect(await scene.pass('move-groups')).toMatchObject({ kind: 'passed' });
    expect(scene.westGroups.at('payments', 'east.orders', 1)).toBe(160);
  });

  it('does not believe a commit that reads back otherwise', async () => {
    const scene = Scene.withOrders();
    scene.westGroups.liars.add('payments');
    await scene.upTo('move-groups');
    const answer = await scene.pass('move-groups');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'GROUPS_LEFT_OUT' });
  });

  it('does not take a topic that was made anew for the one before', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('move-groups');
    const [item] = scene.there.items;
    if (item) scene.there.items[0] = { ...item, sourceTopicId: 'another' };
    expect(await scene.call('move-groups')).toMatchObject({ says: expect.stringContaining('topic-made-anew') });
  });

  it('warns of topics that no flow copies, and leaves groups that have nothing else out of it', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('payments', { 'local-0': 5 }).group('apart', { 'local-0': 5 });
    await scene.upTo('move-groups');
    expect(await scene.call('move-groups')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringMatching(/^1 groups go on .*local/),
    });
  });

  it('of an emergency leaves groups where a later checkpoint than the one that is known had them', async () => {
    const scene = await lostBefore('move-groups', (it) => {
      const committed = { offset: 90, leaderEpoch: -1, metadata: '' };
      it.lastKnown = { at: it.now, offsets: new Map([['payments', new Map([['orders', new Map([[0, committed]])]])]]) };
      it.westGroups.group('payments', { 'east.orders-0': 95 });
    });
    const answer = await scene.pass('move-groups', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', says: expect.stringContaining('1 groups go on where they were') });
    expect(answer.says).not.toContain('not moved');
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(95);
  });

  it('of an emergency goes by checkpoints, and names the groups that it cannot move', async () => {
    const scene = await lostBefore('move-groups', (it) => {
      const offset = (value: number) => ({ offset: value, leaderEpoch: -1, metadata: '' });
      it.lastKnown = {
        at: 1_600_000_000_000,
        offsets: new Map([
          ['payments', new Map([['orders', new Map([[0, offset(90)]])]])],
          ['busy', new Map([['orders', new Map([[0, offset(50)]])]])],
        ]),
      };
      it.westGroups.group('busy', {}, 'Stable');
      it.back.mapAway = true;
    });
    const answer = await scene.pass('move-groups', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('busy: orders-0 group-active-on-target');
    expect(answer.says).toContain('2020-09-13');
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(90);
    expect(scene.westGroups.at('busy', 'east.orders', 0)).toBeUndefined();
  });
});

describe('promote and what comes after', () => {
  it('moves applications once, and warns where a region could not be told', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    scene.published = [{ region: 'us-east-1', because: 'no answer within 5000 ms' }];
    expect(await scene.call('promote')).toMatchObject({ verdict: 'WARN', says: expect.stringContaining('us-east-1') });
    scene.published = [];
    expect(await scene.call('promote')).toMatchObject({ verdict: 'PASS' });
    expect(scene.changes.filter((each) => each === 'registry west serving')).toHaveLength(1);
  });

  it('is refused where consumers were not fenced before', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('fence-consumers');
    expect(await scene.call('promote')).toMatchObject({ kind: 'stopped', code: 'NOT_FENCED' });
    expect(scene.entry).toMatchObject({ active: 'east' });
  });

  it('is never undone', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.changes.length = 0;
    expect(await scene.call('undo')).toMatchObject({ left: [expect.stringContaining('west')] });
    expect(scene.changes).toEqual([]);
    expect(scene.entry).toMatchObject({ active: 'west', run: { execution: 'run-1' } });
  });

  it('waits for a canary that does not come back', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('canary');
    scene.west.away = true;
    expect(await scene.pass('canary')).toMatchObject({ kind: 'stopped', code: 'STAGE_TIMED_OUT' });
    scene.west.away = false;
    expect(await scene.call('canary')).toMatchObject({ kind: 'passed' });
  });

  it('lifts the hold that a failback left on the reverse flow, and not that of another registry’s run', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('start-reverse');
    scene.back.held = { generation: 9, since: 0, kind: 'switchover' };
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.back.held).toBeDefined();
    scene.back.held = { generation: 1, since: 0, kind: 'failback' };
    scene.back.slow = ['orders-0'];
    for (const mapping of scene.back.all) mapping.enabled = false;
    expect(await scene.call('start-reverse')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.back.all.map(({ enabled }) => enabled)).toEqual([true]);
  });

  it('goes on with a warning where the reverse flow cannot be started', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('start-reverse');
    scene.back.controlPlaneAway = true;
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
  });

  it('looks at the lag of groups twice, 30 seconds apart', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('late', { 'east.orders-1': 120 }).group('stuck', { 'east.orders-0': 90 });
    scene.west.log('east.orders', 0).records = [record(99)];
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now >= began + 20_000) scene.westGroups.group('late', { 'east.orders-1': 110 });
    };
    const answer = await scene.pass('watch-lag');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('their lag rises: late 80 to 90 records');
    expect(answer.says).toMatch(/not consuming, their lag stays: .*stuck 10 to 10 records/);
    expect(scene.now - began).toBeGreaterThanOrEqual(30_000);
  });

  it('takes no group for one that does not consume where markers are all that is left of its logs', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('careful', { 'east.orders-0': 98, 'east.orders-1': 199 }).group('stuck', { 'orders-0': 8 });
    scene.west.log('east.orders', 0).records = [record(97)];
    scene.west.log('orders', 0).records = [record(9)];
    const { says } = await scene.pass('watch-lag');
    expect(says).toBe('not consuming, their lag stays: payments 53 to 53 records; stuck 2 to 2 records');
  });

  it('leaves the second look to the next call where this one has no time for it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    const lookedAt = scene.now;
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'waiting' });
    scene.now = lookedAt + 21_000;
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'waiting' });
    expect(scene.now).toBe(lookedAt + 30_000);
    expect(await scene.call('watch-lag')).toMatchObject({ kind: 'passed' });
  });

  it('takes no group for one that does not consume because it commits in steps while others write', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('watch-lag');
    scene.westGroups.group('busy', { 'east.orders-1': 195 });
    scene.west.log('orders', 0).records = [record(9)];
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now < began + 20_000) return;
      scene.west.log('east.orders', 1).end = 300;
      scene.westGroups.group('busy', { 'east.orders-1': 290 });
    };
    const { says } = await scene.pass('watch-lag');
    expect(says).toContain('payments');
    expect(says).not.toContain('busy');
  });

  it('lets the flow run again and gives the lock back, also when called twice', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('release');
    scene.there.slow = ['orders-0'];
    expect(await scene.call('release')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('release')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect([scene.there.held, scene.entry?.run]).toEqual([undefined, undefined]);
    expect(scene.there.all.map(({ enabled }) => enabled)).toEqual([true]);
    expect(await scene.pass('release')).toMatchObject({ kind: 'passed' });
    expect(await scene.call('report')).toMatchObject({ says: expect.stringContaining('s3://reports/1-') });
  });

  it('waits until mappings are being enabled, and no longer: Lambda may take minutes for it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('release');
    for (const mapping of scene.there.all) mapping.changing = 30;
    expect(await scene.call('release')).toMatchObject({
      kind: 'waiting',
      says: 'event source mappings are not enabled yet: orders disabling',
    });
    expect(scene.entry?.run).toBeDefined();
    for (const mapping of scene.there.all) {
      mapping.enabled = true;
      mapping.changing = Number.POSITIVE_INFINITY;
    }
    expect(await scene.call('release')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
  });

  it('of an emergency is not kept up by what the other region had of the flow that comes back', async () => {
    const scene = await lostBefore('start-reverse', (it) => {
      it.back.mapAway = true;
    });
    const began = scene.now;
    expect(await scene.call('start-reverse', 'failover')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('goes on when east is back'),
    });
    expect(scene.now).toBe(began);
    expect(await scene.pass('watch-lag', 'failover')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now - began).toBeLessThan(60_000);
  });

  it('of an emergency gives the lock back without the region that is lost', async () => {
    const scene = await lostBefore('release');
    expect(await scene.pass('release', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.entry).toMatchObject({ active: 'west', clients: 'serving', run: undefined });
  });
});

describe('undo', () => {
  it('lets clients go on, lifts the hold, enables mappings, gives the lock back and tells what is left', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    expect(await scene.pass('undo')).toMatchObject({
      kind: 'passed',
      left: [expect.stringContaining('Offsets committed on the other cluster')],
    });
    expect(scene.entry).toMatchObject({ active: 'east', clients: 'serving', run: undefined });
    expect(scene.there.held).toBeUndefined();
    expect(scene.there.all.map(({ enabled }) => enabled)).toEqual([true]);
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', says: 'It was undone before.' });
  });

  it('goes on where it was ended itself: a partition may be held though the flow no longer is', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('promote');
    scene.there.slow = ['orders-0'];
    expect(await scene.call('undo')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('orders-0') });
    scene.there.slow = ['orders-0'];
    expect(await scene.call('undo')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed' });
  });
});

describe('a drill', () => {
  it('moves shadows of all groups, compares what they would read, and leaves nothing', async () => {
    const scene = Scene.withOrders();
    scene.east.log('orders', 1).records = [record(150), record(151)];
    scene.west.log('east.orders', 1).records = [record(150), record(151)];
    const before = structuredClone([scene.eastGroups.offsets, scene.entry?.active]);
    await scene.upTo('compare-records', 'drill');
    expect(scene.westGroups.at('causeway-drill-1-payments', 'east.orders', 1)).toBe(150);
    expect(scene.westGroups.at('payments', 'east.orders', 1)).toBeUndefined();
    expect(await scene.call('compare-records', 'drill')).toMatchObject({
      kind: 'passed',
      says: expect.stringContaining('2 records from 3 positions'),
    });
    expect(await scene.pass('remove-shadows', 'drill')).toMatchObject({ kind: 'passed' });
    expect([...scene.westGroups.states.keys()]).toEqual([]);
    expect([scene.eastGroups.offsets, scene.entry?.active ?? 'east']).toEqual([before[0], 'east']);
    expect(scene.entry?.run).toBeUndefined();
  });

  it('shows the first record that is another one', async () => {
    const scene = Scene.withOrders();
    scene.east.log('orders', 1).records = [record(150), record(151)];
    scene.west.log('east.orders', 1).records = [record(150), record(151, 'another')];
    await scene.upTo('compare-records', 'drill');
    const answer = await scene.call('compare-records', 'drill');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'RECORDS_DIFFER' });
    expect(answer.says).toContain('orders-1 offset 151 is not the record of east.orders-1 offset 151');
    expect(await scene.pass('undo', 'drill')).toMatchObject({ kind: 'passed', left: [] });
    expect([...scene.westGroups.states.keys()]).toEqual([]);
  });
});
