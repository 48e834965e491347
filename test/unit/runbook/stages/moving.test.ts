import { describe, expect, it } from 'vitest';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import type { SourceEnds } from '../../../../shared/loss/source-ends.ts';
import { Scene } from './scene.ts';

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
    const scene = await Scene.lostBefore('bound-loss', (it) => {
      it.sourceEnds = endsOf(it, [110, 200]);
    });
    const answer = await scene.call('bound-loss', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    const { atLeast, atMost, unknown } = scene.record('bound-loss')?.evidence ?? {};
    expect([atLeast, unknown]).toEqual([10, 0]);
    expect(atMost).toBeGreaterThanOrEqual(10);
    expect(atMost).toBeLessThan(60);
  });

  it('of an emergency counts from the place from which on a partition is copied that nothing was copied of', async () => {
    const scene = await Scene.lostBefore('bound-loss', (it) => {
      it.there.beginsAt('orders', 0, 100);
      it.sourceEnds = endsOf(it, [110, 200]);
    });
    await scene.call('bound-loss', 'failover');
    const { atLeast, atMost, unknown, stoppedAt } = scene.record('bound-loss')?.evidence ?? {};
    expect({ atLeast, unknown, stoppedAt }).toEqual({ atLeast: 0, unknown: 0, stoppedAt: { orders: [100, 200] } });
    expect(atMost).toBeGreaterThanOrEqual(10);
    expect(atMost).toBeLessThan(60);
  });

  it('of an emergency goes on where nothing was ever seen of the source, and says so', async () => {
    const scene = await Scene.lostBefore('bound-loss');
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
    const scene = await Scene.lostBefore('move-groups', (it) => {
      const committed = { offset: 90, leaderEpoch: -1, metadata: '', writtenAt: it.now };
      it.lastKnown = { at: it.now, offsets: new Map([['payments', new Map([['orders', new Map([[0, committed]])]])]]) };
      it.westGroups.group('payments', { 'east.orders-0': 95 });
    });
    const answer = await scene.pass('move-groups', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', says: expect.stringContaining('1 groups go on where they were') });
    expect(answer.says).not.toContain('not moved');
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(95);
  });

  it('waits for brokers that do not tell their groups, then stops, and moves nobody meanwhile', async () => {
    const scene = Scene.withOrders();
    scene.eastGroups.group('hidden', { 'orders-0': 40 }).coordinators.set('hidden', 2);
    await scene.upTo('move-groups');
    scene.eastGroups.silentBrokers = [{ broker: 2, code: 'KAFKA_UNREACHABLE' }];
    const began = scene.now;
    expect(await scene.call('move-groups')).toMatchObject({ kind: 'waiting' });
    const answer = await scene.pass('move-groups');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'GROUPS_LEFT_OUT' });
    expect(answer.says).toContain('broker 2 does not tell its groups: KAFKA_UNREACHABLE');
    expect(scene.now - began).toBeGreaterThanOrEqual(30_000);
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBeUndefined();
    scene.eastGroups.silentBrokers = [];
    expect(await scene.call('move-groups')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.westGroups.at('hidden', 'east.orders', 0)).toBe(40);
  });

  it('of an emergency goes by checkpoints, and names the groups that it cannot move', async () => {
    const scene = await Scene.lostBefore('move-groups', (it) => {
      const offset = (value: number) => ({ offset: value, leaderEpoch: -1, metadata: '', writtenAt: 0 });
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

describe('move-groups, where one of three brokers of a lost source still answers,', () => {
  const checkpoint = (offset: number) => ({ offset, leaderEpoch: -1, metadata: '', writtenAt: 0 });
  const known = (groups: Readonly<Record<string, number>>) => {
    const offsets = Object.entries(groups).map(([group, offset]) => {
      return [group, new Map([['orders', new Map([[0, checkpoint(offset)]])]])] as const;
    });
    return { at: 1_600_000_000_000, offsets: new Map(offsets) };
  };
  /** `payments` is told by the broker that answers, `hidden` is coordinated by one that does not. */
  const minority = async (lastKnown: Scene['lastKnown'], prepare: (scene: Scene) => void = () => {}) => {
    const scene = Scene.withOrders();
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    scene.east.silent = ['b2:9092', 'b3:9092'];
    scene.eastGroups.group('hidden', { 'orders-0': 40 }).coordinators.set('hidden', 2);
    scene.eastGroups.silentBrokers = [2, 3].map((broker) => ({ broker, code: 'KAFKA_UNREACHABLE' }));
    scene.lastKnown = lastKnown;
    prepare(scene);
    await scene.upTo('move-groups', 'failover');
    return scene;
  };

  it('goes by the checkpoints of groups whose brokers are silent, and by what it is told of the others', async () => {
    const scene = await minority(known({ payments: 60, hidden: 30 }));
    const answer = await scene.call('move-groups', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('2 groups go on where they were');
    expect(answer.says).toContain('1 groups are where their checkpoints of 2020-09-13T12:26:40.000Z have them');
    expect(answer.says).toContain('hidden');
    expect(answer.says).toContain('broker 2 does not tell its groups: KAFKA_UNREACHABLE');
    const at = (group: string) => scene.westGroups.at(group, 'east.orders', 0);
    expect([at('payments'), at('hidden')]).toEqual([100, 30]);
    expect(scene.record('move-groups')?.evidence).toMatchObject({ recalled: ['hidden'] });
  });

  it('says how long before its last heartbeat the source’s checkpoints had ended, where that is more than a minute', async () => {
    const scene = await minority(undefined);
    const lastBeat = scene.heartbeatAt ?? 0;
    scene.lastKnown = { ...known({ hidden: 30 }), at: lastBeat - 50_000 };
    expect((await scene.call('move-groups', 'failover')).says).not.toContain('before its last heartbeat');
    scene.lastKnown = { ...known({ hidden: 30 }), at: lastBeat - 90_000 };
    expect((await scene.call('move-groups', 'failover')).says).toContain(
      'none was written in the last 90 s before its last heartbeat',
    );
  });

  it('goes by checkpoints also where Kafka has taken the silent brokers out of its metadata', async () => {
    const scene = await minority(known({ hidden: 30 }), (it) => {
      it.eastGroups.silentBrokers = [];
      it.eastGroups.states.delete('hidden');
    });
    expect((await scene.call('move-groups', 'failover')).says).toContain('hidden');
    expect(scene.westGroups.at('hidden', 'east.orders', 0)).toBe(30);
  });

  it('goes by the checkpoint of an offset that a transaction keeps from being told', async () => {
    const scene = await minority(known({ payments: 60 }), (it) => {
      it.eastGroups.group('payments', { 'orders-0': 'UNSTABLE_OFFSET_COMMIT' });
    });
    expect(await scene.call('move-groups', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(60);
    expect(scene.westGroups.at('payments', 'east.orders', 1)).toBe(150);
  });

  it('leaves a group where a later checkpoint had it, and not one whose own offset is known', async () => {
    const scene = await minority(known({ hidden: 30 }), (it) => {
      it.westGroups.group('hidden', { 'east.orders-0': 35 }).group('payments', { 'east.orders-1': 170 });
    });
    const answer = await scene.pass('move-groups', 'failover');
    expect(answer.says).toContain('payments: orders-1 ahead-on-target');
    expect(answer.says).not.toContain('hidden: orders-0');
    expect(scene.westGroups.at('hidden', 'east.orders', 0)).toBe(35);
  });

  it('names what it cannot know: groups of silent brokers without a checkpoint', async () => {
    const scene = await minority(undefined);
    const answer = await scene.call('move-groups', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('no checkpoint of any group is known');
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(100);
  });

  it('goes on where the last broker is lost too, after it has told its groups', async () => {
    const scene = await minority(known({ hidden: 30 }));
    const committed = scene.eastGroups.committed.bind(scene.eastGroups);
    scene.eastGroups.committed = async (groups) => {
      const told = await committed(groups);
      scene.east.lose();
      return told;
    };
    expect(await scene.call('move-groups', 'failover')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.westGroups.at('payments', 'east.orders', 0)).toBe(100);
  });
});
