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
    expect(answer.says).toContain('orders-1 offset 151 is not the record of east.orders-1 offset 151');
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
