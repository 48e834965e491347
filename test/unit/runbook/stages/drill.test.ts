import { describe, expect, it } from 'vitest';
import { recordAt } from './fake-cluster.ts';
import { Scene } from './scene.ts';

describe('a drill', () => {
  it('moves shadows of all groups, compares what they would read, and leaves nothing', async () => {
    const scene = Scene.withOrders();
    scene.east.log('orders', 1).records = [recordAt(150), recordAt(151)];
    scene.west.log('east.orders', 1).records = [recordAt(150), recordAt(151)];
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
    scene.east.log('orders', 1).records = [recordAt(150), recordAt(151)];
    scene.west.log('east.orders', 1).records = [recordAt(150), recordAt(151, 'another')];
    await scene.upTo('compare-records', 'drill');
    const answer = await scene.call('compare-records', 'drill');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'RECORDS_DIFFER' });
    expect(answer.says).toContain('east.orders-1 offset 151 is not the record of orders-1 offset 151');
    expect(await scene.pass('undo', 'drill')).toMatchObject({ kind: 'passed', left: [] });
    expect([...scene.westGroups.states.keys()]).toEqual([]);
  });

  it('does not take the groups of a broker that is silent for none', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('shadow-groups', 'drill');
    scene.eastGroups.coordinators.set('payments', 2);
    scene.eastGroups.silentBrokers = [{ broker: 2, code: 'KAFKA_UNREACHABLE' }];
    expect(await scene.call('shadow-groups', 'drill')).toMatchObject({ kind: 'waiting' });
    expect(await scene.pass('shadow-groups', 'drill')).toMatchObject({
      code: 'GROUPS_LEFT_OUT',
      says: expect.stringContaining('broker 2 does not tell its groups'),
    });
  });
});

describe('compare-records', () => {
  const drill = async (prepare: (scene: Scene) => void) => {
    const scene = Scene.withOrders();
    prepare(scene);
    await scene.upTo('compare-records', 'drill');
    return scene.call('compare-records', 'drill');
  };

  it('proves nothing where there is nothing to read, or no group', async () => {
    expect(await drill(() => {})).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: 'nothing was compared: from none of 3 positions on is there a record on both sides',
    });
    expect(await drill(({ eastGroups }) => eastGroups.offsets.clear())).toMatchObject({
      verdict: 'WARN',
      says: 'nothing was compared: no group has a position',
    });
  });

  it('says from how many positions on there was nothing to read', async () => {
    const answer = await drill(({ east, west }) => {
      for (const log of [east.log('orders', 1), west.log('east.orders', 1)]) log.records = [recordAt(150)];
    });
    expect(answer).toMatchObject({
      verdict: 'PASS',
      says: '1 records from 3 positions on are the same on both sides; from 2 of them on there was nothing to read yet',
    });
  });

  it('shows a record of the copy that a consumer of the source has read already', async () => {
    const answer = await drill(({ west }) => {
      west.log('east.orders', 0).records = [recordAt(100, 'record 99')];
    });
    expect(answer).toMatchObject({ kind: 'stopped', code: 'RECORDS_DIFFER' });
    expect(answer.says).toContain('east.orders-0 offset 100 is none of the records of orders-0 from offset 100 on');
  });

  it('shows it as well where the copy is on the source', async () => {
    const answer = await drill(({ east }) => {
      east.log('west.orders', 0).records = [recordAt(7)];
    });
    expect(answer.says).toContain('west.orders-0 offset 7 is none of the records of orders-0 from offset 7 on');
  });

  it('takes what is not copied yet for no difference, and leaves out what an open transaction may still hide', async () => {
    const answer = await drill(({ east, west }) => {
      east.log('orders', 0).records = [recordAt(100)];
      for (const log of [east.log('orders', 1), west.log('east.orders', 1)]) log.records = [recordAt(150)];
      west.log('orders', 0).records = [recordAt(7)];
      west.log('east.orders', 1).records.push(recordAt(151));
      east.log('orders', 1).stable = 151;
    });
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('1 positions were not compared: orders-1@150: a transaction is open');
  });

  it('takes records that have expired on one side for no difference', async () => {
    const answer = await drill(({ east, west }) => {
      for (const log of [east.log('orders', 0), west.log('east.orders', 0)]) log.records = [recordAt(100)];
      west.log('east.orders', 1).records = [recordAt(150), recordAt(151)];
      Object.assign(east.log('orders', 1), { start: 151, records: [recordAt(151)] });
    });
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('orders-1@150: records have expired on east');
  });

  it('warns of positions that it does not compare, where both clusters write to one topic', async () => {
    const answer = await drill((scene) => {
      for (const cluster of [scene.east, scene.west]) cluster.topic('both', [9]);
      for (const flow of [scene.there, scene.back]) flow.topic('both', 'both', [9]);
      scene.eastGroups.group('payments', { 'both-0': 9 });
      for (const log of [scene.east.log('orders', 1), scene.west.log('east.orders', 1)]) log.records = [recordAt(150)];
    });
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('1 positions were not compared: both-0: both clusters write to it');
  });
});
