import { describe, expect, it } from 'vitest';
import type { RunbookPorts } from '../../../../shared/runbook/ports/ports.ts';
import type { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { FakeConsumers } from './fake-consumers.ts';
import { Scene } from './scene.ts';

/** `billing` reads orders on east by Lambda, and stands disabled on west; `paused` too, but its owner has disabled it. */
class LambdaScene extends Scene {
  readonly eastLambda = new FakeConsumers('east', this.changes);
  readonly westLambda = new FakeConsumers('west', this.changes);

  constructor() {
    super();
    this.east.topic('orders', [100, 200]);
    this.west.topic('east.orders', [100, 200]).topic('orders', [10]);
    this.east.topic('west.orders', [10]);
    this.there.topic('orders', 'east.orders', [100, 200]);
    this.back.topic('orders', 'west.orders', [10]);
    this.eastGroups.group('bills', { 'orders-0': 100, 'orders-1': 150 }, 'Stable');
    this.eastGroups.group('pauses', { 'orders-0': 10, 'orders-1': 10 });
    this.eastLambda
      .consumer('billing', 'orders', 'bills', 'enabled')
      .consumer('paused', 'orders', 'pauses', 'disabled');
    this.westLambda
      .consumer('billing', 'east.orders', 'bills', 'disabled')
      .consumer('paused', 'east.orders', 'pauses', 'disabled');
    this.eastLambda.whenDone = ({ group, state }) => this.#polls(this.eastGroups, group, state === 'enabled');
    this.westLambda.whenDone = ({ group, state }) => this.#polls(this.westGroups, group, state === 'enabled');
  }

  override ports(kind: RunbookKind): RunbookPorts {
    const [east, west] = [this.eastLambda, this.westLambda];
    const consumers = kind === 'failback' ? { from: west, to: east } : { from: east, to: west };
    return { ...super.ports(kind), consumers };
  }

  loseEast(): void {
    this.east.lose();
    this.beats = false;
    this.heartbeatAt = this.now - 60_000;
    const at = (offset: number) => ({ offset, leaderEpoch: -1, metadata: '' });
    const offsets = new Map([
      [
        'orders',
        new Map([
          [0, at(90)],
          [1, at(150)],
        ]),
      ],
    ]);
    this.lastKnown = { at: this.now - 1_000, offsets: new Map([['bills', offsets]]) };
  }

  #polls(groups: Scene['eastGroups'], group: string, isPolled: boolean): void {
    groups.states.set(group, isPolled ? 'Stable' : 'Empty');
  }
}

describe('Lambda consumers of the users’ own, in a switchover', () => {
  it('are disabled before their groups move, and enabled on the other cluster at the translated offset', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    expect(await scene.pass('fence-consumers')).toMatchObject({
      kind: 'passed',
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings are disabled'),
    });
    expect(scene.eastLambda.states).toEqual(['billing disabled', 'paused disabled']);
    await scene.pass('move-groups');
    expect(scene.westGroups.at('bills', 'east.orders', 1)).toBe(150);

    expect(await scene.pass('promote')).toMatchObject({
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings are enabled there'),
    });
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
    const order = [
      'east billing disabled',
      'west group bills committed',
      'registry west serving',
      'west billing enabled',
    ];
    expect(scene.changes.filter((each) => order.includes(each))).toEqual(order);
  });

  it('come back by a failback, and so does only what was in use on the cluster that is left', async () => {
    const scene = new LambdaScene();
    await scene.upTo('report');
    await scene.westLambda.mappings.list();
    expect(scene.westLambda.states).toEqual(['billing enabled', 'paused disabled']);
    scene.westGroups.group('bills', { 'east.orders-0': 100, 'east.orders-1': 170 }, 'Stable');

    await scene.upTo('watch-lag', 'failback', 'run-2');
    expect(scene.eastGroups.at('bills', 'orders', 1)).toBe(170);
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
    await scene.eastLambda.mappings.list();
    await scene.eastLambda.mappings.list();
    expect(scene.eastLambda.states).toEqual(['billing enabled', 'paused disabled']);
  });

  it('are enabled again by the undo, but for one that its owner had disabled', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.pass('fence-consumers');
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
    expect(scene.entry).toMatchObject({ active: 'east', clients: 'serving', run: undefined });
  });

  it('that were disabled by an execution that was stopped are moved by the one that goes on', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.call('fence-consumers');
    await scene.upTo('canary', 'switchover', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'west billing enabled',
    ]);
  });

  it('are enabled again by the undo of the execution that goes on with one that was stopped', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    await scene.call('fence-consumers');
    await scene.upTo('drain', 'switchover', 'run-2');
    await scene.pass('undo', 'switchover', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
  });

  it('are asked for again when promote was cut off between the registry and Lambda, and once only', async () => {
    const scene = new LambdaScene();
    await scene.upTo('promote');
    scene.westLambda.away = true;
    expect(await scene.call('promote')).toMatchObject({ kind: 'waiting', says: expect.stringContaining('is away') });
    expect(scene.entry).toMatchObject({ active: 'west' });
    scene.westLambda.away = false;

    await scene.upTo('canary', 'switchover', 'run-2');
    scene.westLambda.set('billing', 'disabled');
    expect(await scene.pass('promote', 'switchover', 'run-2')).toMatchObject({ verdict: 'PASS' });
    expect(scene.changes.filter((each) => each === 'west billing enabled')).toHaveLength(1);
  });

  it('that Lambda does not take on hold nobody up, are named, and are moved by the next run', async () => {
    const scene = new LambdaScene();
    await scene.upTo('promote');
    scene.westLambda.away = true;
    expect(await scene.pass('promote')).toMatchObject({
      kind: 'passed',
      verdict: 'WARN',
      says: expect.stringContaining('not enabled yet: Lambda beside west'),
    });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped' });
    scene.westLambda.away = false;
    await scene.pass('release');

    await scene.upTo('canary', 'failback', 'run-2');
    expect(scene.changes.filter((each) => /billing|paused/.test(each))).toEqual([
      'east billing disabled',
      'east billing enabled',
    ]);
  });

  it('are waited for as long as Lambda is still disabling them', async () => {
    const scene = new LambdaScene();
    scene.eastLambda.set('paused', 'disabling');
    await scene.upTo('fence-consumers');
    scene.eastLambda.whenListed = () => scene.eastLambda.set('paused', scene.now < until ? 'disabling' : 'disabled');
    const until = scene.now + 60_000;
    expect(await scene.pass('fence-consumers')).toMatchObject({ kind: 'passed' });
    expect(scene.now).toBeGreaterThanOrEqual(until);
  });

  it('whose groups keep members are named once they had their time', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    scene.eastLambda.whenDone = () => {};
    expect(await scene.pass('fence-consumers')).toMatchObject({
      code: 'GROUPS_ACTIVE',
      says: expect.stringContaining('bills (Stable'),
    });
    await scene.pass('undo');
    expect(scene.eastLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });

  it('that cannot be enabled again by the undo are left, named and known to the next run', async () => {
    const scene = new LambdaScene();
    await scene.upTo('move-groups');
    scene.eastLambda.away = true;
    expect(await scene.pass('undo')).toMatchObject({
      left: [
        expect.stringContaining('billing (orders, group bills) (Lambda beside east is away). Enable them by hand'),
      ],
    });
    scene.eastLambda.away = false;
    await scene.upTo('canary', 'switchover', 'run-2');
    const looked = scene.records.get('2 check-flow');
    expect(looked?.says).toContain('disabled by an earlier run, and moved by this one');
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });
});

describe('Lambda consumers of the users’ own, looked at by check-flow', () => {
  it('are counted, and their mark says which are in use', async () => {
    const scene = new LambdaScene();
    await scene.upTo('check-flow');
    expect(await scene.call('check-flow')).toMatchObject({
      verdict: 'PASS',
      says: expect.stringContaining('1 event source mappings of Lambda consumers are moved'),
    });
    expect(scene.eastLambda.mark).toMatchObject({
      state: 'seen',
      inUse: [{ consumer: 'billing', topic: 'orders', group: 'bills' }],
    });
  });

  it.each<[string, (scene: LambdaScene) => void, string]>([
    [
      'whose group is not moved',
      ({ eastLambda }) => eastLambda.consumer('audit', 'orders', 'ignored-audit', 'enabled'),
      'audit (orders, group ignored-audit) is left as it is: its group is not moved',
    ],
    [
      'of a topic that nothing copies',
      ({ eastLambda }) => eastLambda.consumer('audit', 'local', 'audits', 'enabled'),
      'no flow copies local',
    ],
    [
      'without a counterpart',
      ({ eastLambda }) => eastLambda.consumer('audit', 'orders', 'audits', 'enabled'),
      'audit (orders, group audits) has no mapping on east.orders on west',
    ],
    [
      'whose counterpart has another group',
      ({ eastLambda, westLambda }) => {
        eastLambda.consumer('audit', 'orders', 'audits', 'enabled');
        westLambda.consumer('audit', 'east.orders', 'others', 'disabled');
      },
      'its mapping on east.orders on west has the group others',
    ],
    [
      'whose counterpart is enabled already',
      ({ westLambda }) => westLambda.set('billing', 'enabled'),
      'billing (east.orders, group bills) is enabled on west already',
    ],
    [
      'whose group has read nothing of a partition yet',
      ({ eastGroups }) => eastGroups.offsets.get('bills')?.get('orders')?.delete(1),
      'has no offset yet in 1 partitions: on west it begins there at LATEST',
    ],
  ])('%s are a warning, in a dry run and a drill too', async (_, given, says) => {
    for (const [kind, dryRun] of [
      ['switchover', true],
      ['switchover', false],
      ['drill', false],
    ] as const) {
      const scene = new LambdaScene();
      given(scene);
      if (!dryRun) await scene.upTo('check-flow', kind);
      expect(await scene.call('check-flow', kind, { dryRun })).toMatchObject({
        kind: 'passed',
        verdict: 'WARN',
        says: expect.stringContaining(says),
      });
      expect(scene.changes.filter((each) => /east \w+ (dis|en)abled|west \w+ (dis|en)abled/.test(each))).toEqual([]);
    }
  });

  it('that have no counterpart stop nothing: the group moves, and they are named again', async () => {
    const scene = new LambdaScene();
    scene.eastGroups.group('audits', { 'orders-0': 7, 'orders-1': 7 }, 'Stable');
    scene.eastLambda.consumer('audit', 'orders', 'audits', 'enabled');
    await scene.upTo('promote');
    expect(await scene.pass('promote')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('audit (orders'),
    });
    expect(scene.westGroups.at('audits', 'east.orders', 0)).toBe(7);
    expect(scene.westLambda.states).toContain('billing enabling');
  });

  it('are not marked anew by a dry run while a run has disabled them', async () => {
    const scene = new LambdaScene();
    await scene.upTo('move-groups');
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped', inUse: [{ consumer: 'billing' }] });
    await scene.pass('undo');
    expect(scene.eastLambda.states).toEqual(['billing enabling', 'paused disabled']);
  });

  it('are marked anew by the run when a dry run has looked at them just before', async () => {
    const scene = new LambdaScene();
    await scene.upTo('fence-consumers');
    let looked = false;
    scene.eastLambda.whenListed = () => {
      if (looked || scene.eastLambda.mark === undefined) return;
      looked = true;
      scene.eastLambda.mark = { ...scene.eastLambda.mark, version: scene.eastLambda.mark.version + 1 };
    };
    expect(await scene.pass('fence-consumers')).toMatchObject({ kind: 'passed' });
    expect(scene.eastLambda.mark).toMatchObject({ state: 'stopped', inUse: [{ consumer: 'billing' }] });
  });
});

describe('Lambda consumers of the users’ own, in a failover', () => {
  it('are enabled as they were seen last when their region is gone, and those left behind are named', async () => {
    const scene = new LambdaScene();
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    scene.loseEast();
    scene.eastLambda.away = true;
    await scene.upTo('promote', 'failover');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringMatching(
        /1 event source mappings are enabled there.*disable them on east once.*billing \(orders/,
      ),
    });
    expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled']);
    expect(scene.westGroups.at('bills', 'east.orders', 0)).toBe(90);
  });

  it('are disabled on the cluster that was left when Lambda still answers there', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    await scene.upTo('promote', 'failover');
    await scene.pass('promote', 'failover');
    expect(scene.changes.filter((each) => /billing|paused/.test(each)).sort()).toEqual([
      'east billing disabled',
      'west billing enabled',
    ]);
    expect(await scene.pass('promote', 'failover')).toMatchObject({ verdict: 'PASS' });
  });

  it('are left as they are when nobody ever saw which were in use', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    scene.eastLambda.away = true;
    await scene.upTo('promote', 'failover');
    expect(scene.record('check-flow')?.says).toContain('were never looked at');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('was never seen: none is enabled on west'),
    });
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
  });

  it.each([
    {
      log: 'is empty',
      ends: [0, 0],
      begins: 0,
      state: 'billing enabling',
      says: '2 event source mappings are enabled',
    },
    { log: 'was cut to its end', ends: [8, 0], begins: 8, state: 'billing enabling', says: '2 event source mappings' },
    {
      ...{ log: 'holds records', ends: [0, 10], begins: undefined, state: 'billing disabled' },
      says: 'billing (orders, group bills-west) is left disabled: its group has no offset on west',
    },
  ])(
    'on what is written on the other cluster begin with it where its log $log',
    async ({ ends, begins, state, says }) => {
      const scene = new LambdaScene();
      scene.west.topic('orders', ends);
      for (const [i, end] of ends.entries()) scene.west.log('orders', i).start = end === 10 ? 0 : end;
      scene.eastGroups.group('bills-west', { 'west.orders-0': 0 }, 'Stable');
      scene.eastLambda.consumer('billing', 'west.orders', 'bills-west', 'enabled');
      scene.westLambda.consumer('billing', 'orders', 'bills-west', 'disabled');
      await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
      scene.loseEast();
      scene.back.mapAway = true;
      scene.eastLambda.away = true;

      await scene.upTo('promote', 'failover');
      expect([0, 1].map((partition) => scene.westGroups.at('bills-west', 'orders', partition))).toEqual(
        begins === undefined ? [undefined, undefined] : [begins, 0],
      );
      const answer = await scene.pass('promote', 'failover');

      expect(answer.says).toContain(says);
      expect(scene.westLambda.states).toEqual(['billing enabling', 'paused disabled', state]);
    },
  );

  it('are not forgotten where Lambda answers, and not the map of what they read', async () => {
    const scene = new LambdaScene();
    scene.eastLambda.consumer('billing', 'west.orders', 'bills-west', 'enabled');
    await scene.call('check-flow', 'failover', { dryRun: true, execution: 'dry' });
    scene.loseEast();
    scene.back.mapAway = true;
    await scene.upTo('promote', 'failover');
    expect(scene.eastLambda.mark?.inUse.map(({ topic }) => topic)).toEqual(['orders', 'west.orders']);
    const { says } = await scene.pass('promote', 'failover');
    expect(says).toContain('billing (west.orders, group bills-west) has no mapping on west: nobody consumes there');
  });

  it('whose group could not be moved stay disabled: they would begin anywhere', async () => {
    const scene = new LambdaScene();
    scene.loseEast();
    scene.lastKnown = undefined;
    await scene.upTo('promote', 'failover');
    expect(await scene.pass('promote', 'failover')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('is left disabled: its group has no offset on west'),
    });
    expect(scene.westLambda.states).toEqual(['billing disabled', 'paused disabled']);
  });
});

describe('watch-lag', () => {
  it('names Lambda consumers that do not deliver yet', async () => {
    const scene = new LambdaScene();
    await scene.upTo('watch-lag');
    scene.westLambda.whenListed = () => scene.westLambda.set('billing', 'enabling');
    expect(await scene.pass('watch-lag')).toMatchObject({
      verdict: 'WARN',
      says: expect.stringContaining('Lambda consumers are not enabled yet: billing (east.orders, group bills)'),
    });
  });
});
