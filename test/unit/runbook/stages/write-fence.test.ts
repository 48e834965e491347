import { describe, expect, it } from 'vitest';
import { KafkaAuthorizationError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { refuseWriters } from '../../../../shared/runbook/stages/write-fence.ts';
import { FLOW, Scene } from './scene.ts';

const RUN = { kind: 'switchover', startedBy: 'person', reason: '' } as const;

const mayNot = new KafkaAuthorizationError('east', rights.alterAcls());

/** Topics whose names both clusters have, copied both ways. */
function withSharedOrders(): Scene {
  const scene = new Scene();
  scene.east.topic('orders', [100]);
  scene.west.topic('orders', [100]);
  scene.there.topic('orders', 'orders', [100]);
  scene.back.topic('orders', 'orders', [100]);
  return scene;
}

function fencing(scene: Scene = Scene.withOrders()): Scene {
  scene.fenceByAcls = true;
  return scene;
}

/** Somebody writes to a topic for as long as its brokers take it. */
function unrouted(scene: Scene, topic = 'orders'): void {
  const log = scene.east.log(topic, 0);
  scene.meanwhile = () => {
    if (!scene.eastAcls.fenced.includes(topic)) log.end += 40;
  };
}

describe('the fence at the brokers', () => {
  it('is none where the configuration does not ask for it', async () => {
    const scene = Scene.withOrders();
    await scene.upTo('drain');
    expect(scene.eastAcls.fenced).toEqual([]);
    expect(scene.writeFences.notes.size).toBe(0);
  });

  it('comes once those have stopped that follow the registry, and the proof is made anew under it', async () => {
    const scene = fencing();
    await scene.upTo('fence-writers');
    const began = scene.now;
    scene.meanwhile = () => {
      if (scene.now < began + 7_000) scene.east.log('orders', 0).end += 3;
    };
    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(answer.says).toContain('brokers refuse all writers');
    const { at = 0 } = scene.writeFences.notes.get('east') ?? {};
    expect(at).toBeGreaterThanOrEqual(began + 10_000);
    expect(scene.now - at).toBeGreaterThanOrEqual(5_000);
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    expect(scene.westAcls.fenced).toEqual([]);
    expect(scene.record('fence-writers')?.evidence).toMatchObject({ brokers: 'refuse', unrouted: [], grown: [] });
  });

  it('stops whoever does not follow the registry: the run goes on, and names them', async () => {
    const scene = fencing();
    await scene.upTo('fence-writers');
    unrouted(scene);
    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('they do not follow the registry: orders-0 grew by');
    expect(scene.entry).toMatchObject({ clients: 'producers-fenced' });
  });

  it('does not hold those whom ACLs do not hold: that is told, and all is undone', async () => {
    const scene = fencing();
    await scene.upTo('fence-writers');
    scene.meanwhile = () => {
      scene.east.log('orders', 1).end += 1;
    };
    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'UNROUTED_PRODUCER' });
    expect(answer.says).toContain('although its brokers refuse whom ACLs hold: orders-1 grew by');
    expect(answer.says).toContain('neither super users nor clients that log in with IAM');
    scene.meanwhile = () => {};
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    expect(scene.eastAcls.fenced).toEqual([]);
  });

  it('of a failback is on the cluster that it leaves, and applications at home there are hinted at', async () => {
    const scene = fencing();
    await scene.upTo('report');
    await scene.upTo('fence-writers', 'failback', 'run-2');
    scene.meanwhile = () => {
      scene.west.log('orders', 0).end += 1;
    };
    const answer = await scene.pass('fence-writers', 'failback', 'run-2');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'UNROUTED_PRODUCER' });
    expect(answer.says).toContain('Applications at home on west look the same');
    expect(scene.westAcls.fenced).toEqual(['orders']);
    expect(scene.eastAcls.fenced).toEqual([]);
    scene.meanwhile = () => {};
    await scene.pass('undo', 'failback', 'run-2');
    expect(scene.westAcls.fenced).toEqual([]);
  });

  it('is lifted by undo before clients go on', async () => {
    const scene = fencing();
    await scene.upTo('stop-flow');
    scene.changes.length = 0;
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    const order = scene.changes.filter((each) => /admits|serving/.test(each));
    expect(order[0]).toBe('east admits writers of orders');
    expect(order[1]).toBe('registry east serving');
  });

  it('that cannot be lifted keeps the lock, so that it is not forgotten, while clients go on', async () => {
    const scene = fencing();
    await scene.upTo('drain');
    scene.eastAcls.refusal = mayNot;
    const answer = await scene.call('undo');
    expect(answer).toMatchObject({ kind: 'waiting', says: expect.stringContaining('Alter on the cluster') });
    expect(scene.entry).toMatchObject({ clients: 'serving', run: { execution: 'run-1' } });
    scene.eastAcls.refusal = undefined;
    expect(await scene.pass('undo')).toMatchObject({ kind: 'passed', left: [] });
    expect(scene.eastAcls.fenced).toEqual([]);
    expect(scene.entry?.run).toBeUndefined();
  });

  it('leaves alone what a user had fenced before, however the run ends', async () => {
    const both = (scene: Scene) => {
      scene.east.topic('old', [5]);
      scene.west.topic('east.old', [5]);
      scene.there.topic('old', 'east.old', [5]);
      scene.eastAcls.fence('old');
      return fencing(scene);
    };
    const undone = both(Scene.withOrders());
    await undone.upTo('drain');
    expect(undone.record('fence-writers')?.evidence).toMatchObject({ fencedByOthers: ['old'] });
    expect(undone.eastAcls.fenced).toEqual(['old', 'orders']);
    await undone.pass('undo');
    expect(undone.eastAcls.fenced).toEqual(['old']);

    const done = both(Scene.withOrders());
    await done.upTo('report');
    expect(done.eastAcls.fenced).toEqual(['old']);
  });

  it('is gone on with by an execution that takes over, and lifted with the rest', async () => {
    const scene = fencing();
    await scene.upTo('stop-flow', 'switchover', 'run-1');
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    await scene.upTo('stop-flow', 'switchover', 'run-2');
    expect(scene.changes.filter((each) => each === 'east refuses writers of orders')).toHaveLength(1);
    expect(scene.writeFences.notes.get('east')).toMatchObject({ generation: 2, topics: ['orders'] });
    await scene.pass('undo', 'switchover', 'run-2');
    expect(scene.eastAcls.fenced).toEqual([]);
  });

  it('is lifted before the flow that comes back is to write to topics that keep their names', async () => {
    const scene = fencing(withSharedOrders());
    await scene.upTo('start-reverse');
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.eastAcls.fenced).toEqual([]);
  });

  it('is made by no call that comes after applications were moved', async () => {
    const scene = fencing();
    await scene.upTo('canary');
    const { from, ...ports } = scene.ports('switchover');
    const way = { from: 'east', to: 'west' };
    const run = { ...RUN, flow: FLOW, way, generation: 1, execution: 'run-1', dryRun: false, emergency: false };
    scene.there.topic('late', 'east.late', [0]);
    await expect(refuseWriters(run, from, ports)).rejects.toMatchObject({ code: 'WRITE_FENCE_BUSY' });
    expect(scene.eastAcls.fenced).toEqual(['orders']);
  });

  it('is lifted by release at the latest', async () => {
    const scene = fencing();
    await scene.upTo('start-reverse');
    scene.eastAcls.refusal = mayNot;
    expect(await scene.pass('start-reverse')).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(await scene.call('release')).toMatchObject({
      kind: 'waiting',
      says: expect.stringContaining('refused on east'),
    });
    expect(scene.entry?.run).toBeDefined();
    scene.eastAcls.refusal = undefined;
    expect(await scene.pass('release')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.eastAcls.fenced).toEqual([]);
  });

  it('holds nobody on a cluster without an authorizer, which is told and stops nothing', async () => {
    const scene = fencing();
    scene.eastAcls.hasAuthorizer = false;
    await scene.upTo('fence-writers');
    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(answer.says).toContain('east has no authorizer');
    expect(scene.record('fence-writers')?.evidence).toMatchObject({ brokers: 'no-authorizer' });
    expect(scene.writeFences.notes.size).toBe(0);
  });

  it('that the cluster does not make stops the run, with the right that is missing', async () => {
    const scene = fencing();
    await scene.upTo('fence-writers');
    scene.eastAcls.refusal = mayNot;
    const answer = await scene.pass('fence-writers');
    expect(answer).toMatchObject({ kind: 'stopped', code: 'KAFKA_NOT_AUTHORIZED' });
    expect(answer.says).toContain('causeway.fence.acls = false');
  });

  it('is rehearsed by a dry run, which finds a missing right and makes nothing', async () => {
    const scene = fencing();
    const dry = () => scene.call('fence-writers', 'switchover', { dryRun: true });
    expect(await dry()).toMatchObject({
      kind: 'passed',
      says: expect.stringContaining('brokers would refuse writers'),
    });
    scene.eastAcls.refusal = mayNot;
    expect(await dry()).toMatchObject({ kind: 'stopped', code: 'KAFKA_NOT_AUTHORIZED' });
    scene.eastAcls.hasAuthorizer = false;
    expect(await dry()).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(scene.changes).toEqual([]);
    expect(scene.eastAcls.fenced).toEqual([]);
  });
});

describe('in an emergency', () => {
  const seenDead = (scene: Scene) => {
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    scene.east.silent = scene.east.brokers;
  };

  it('a source that does not answer is asked for nothing', async () => {
    const scene = fencing();
    scene.east.lose();
    seenDead(scene);
    await scene.upTo('fence-writers', 'failover');
    const began = scene.now;
    expect(await scene.call('fence-writers', 'failover')).toMatchObject({ kind: 'passed', verdict: 'PASS' });
    expect(scene.now).toBe(began);
    expect(scene.writeFences.notes.size).toBe(0);
  });

  it('one that answers after all is fenced, and let go in the end', async () => {
    const scene = fencing();
    seenDead(scene);
    await scene.upTo('fence-writers', 'failover');
    const answer = await scene.pass('fence-writers', 'failover');
    expect(answer).toMatchObject({ kind: 'passed', says: expect.stringContaining('refuse all writers') });
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    await scene.upTo('report', 'failover', 'run-1');
    expect(scene.eastAcls.fenced).toEqual([]);
  });

  it('a fence on a cluster that is lost is told, and lifted by the failback before anything is moved there', async () => {
    const scene = fencing();
    scene.west.topic('payments', [3]);
    await scene.upTo('stop-flow');
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    scene.east.lose();
    scene.there.controlPlaneAway = true;
    seenDead(scene);
    scene.lastKnown = { at: scene.now, offsets: new Map() };
    await scene.upTo('release', 'failover', 'run-2');
    const released = await scene.pass('release', 'failover', 'run-2');
    expect(released).toMatchObject({ kind: 'passed', verdict: 'WARN' });
    expect(released.says).toContain('the next runbook of the flow lifts them');
    expect(scene.eastAcls.fenced).toEqual(['orders']);
    expect(scene.entry?.run).toBeUndefined();

    scene.east.away = false;
    scene.east.silent = [];
    scene.beats = true;
    await scene.upTo('check-flow', 'failback', 'run-3');
    expect(scene.eastAcls.fenced).toEqual([]);
  });
});
