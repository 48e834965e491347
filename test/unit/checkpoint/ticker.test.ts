import { describe, expect, it } from 'vitest';
import { World } from './world.ts';

const OUTAGE = new Error('No broker of cluster us-east answers');

describe('a tick', () => {
  it('writes checkpoints and sets the groups, and the next one finds nothing to do', async () => {
    const world = new World();
    world.source.set('billing', 40);
    world.source.set('console-1', 40);
    const ticker = world.ticker();

    const first = await ticker.tick();
    world.clock.pass(5_000);
    const second = await ticker.tick();

    expect(world.checkpoints).toEqual(['billing 40 to 35']);
    expect(Object.fromEntries(world.target.offsets)).toEqual({ billing: 35 });
    expect([first.checkpoints?.written, first.committed]).toEqual([1, 1]);
    expect([second.checkpoints?.written, second.committed]).toEqual([0, 0]);
    expect([first.kept, first.sourceError, first.errors]).toEqual([0, undefined, []]);
  });

  it('writes checkpoints of groups that are not set, because they are active or ahead', async () => {
    const world = new World();
    for (const group of ['active', 'ahead']) {
      world.source.set(group, 40);
      world.target.set(group, group === 'ahead' ? 90 : 1);
    }
    world.target.active.add('active');

    const { plans } = await world.ticker().tick();

    expect(world.checkpoints).toEqual(['active 40 to 35', 'ahead 40 to 35']);
    expect(Object.fromEntries(world.target.offsets)).toEqual({ active: 1, ahead: 90 });
    expect(
      plans.map(({ partitions }) => partitions.map(({ decision }) => 'reason' in decision && decision.reason)),
    ).toEqual([['group-active-on-target'], ['ahead-on-target']]);
  });

  it('commits nothing unless sync.group.offsets.enabled', async () => {
    const world = new World();
    world.source.set('billing', 40);
    const ticker = world.ticker({ syncMs: undefined });

    expect((await ticker.tick(true)).committed).toBeUndefined();
    expect(world.checkpoints).toEqual(['billing 40 to 35']);
    expect(world.target.offsets.size).toBe(0);
  });

  it('gives each group its turn where all go on and there is time for some only', async () => {
    const world = new World();
    world.groupsInTime = 2;
    const groups = ['a', 'b', 'c', 'd', 'e'];
    const ticker = world.ticker();
    const reasons = new Set<unknown>();
    for (let tick = 0; tick < 10; tick++) {
      for (const group of groups) world.source.set(group, 40 + tick);
      for (const { partitions } of (await ticker.tick(true)).plans)
        for (const { decision } of partitions) reasons.add('reason' in decision ? decision.reason : decision.kind);
    }

    expect([...reasons]).toEqual(['commit', 'out-of-time']);
    const anyThreeTicks = Array.from({ length: 8 }, (_, i) => world.committed.slice(2 * i, 2 * i + 6));
    expect(anyThreeTicks.map((set) => [...new Set(set)].sort())).toEqual(Array(8).fill(groups));
  });

  it('keeps each work to its interval', async () => {
    const world = new World();
    const ticker = world.ticker({ emitMs: 5_000, syncMs: 20_000, refreshMs: 30_000 });
    const did: string[] = [];
    for (let s = 0; s <= 60; s += 5) {
      world.source.set('billing', 40 + s);
      const { checkpoints, committed } = await ticker.tick();
      did.push(`${s}: ${checkpoints?.written ?? '-'} ${committed ?? '-'}`);
      world.clock.pass(5_000);
    }
    expect(did.filter((line) => !line.endsWith('-'))).toEqual(['0: 1 1', '20: 1 1', '40: 1 1', '60: 1 1']);
    expect(did).toHaveLength(13);
    expect(world.checkpoints).toHaveLength(13);
    expect(world.source.listings).toBe(3);
  });

  it('does everything at once when asked to, also for a group that was not listed yet', async () => {
    const world = new World();
    const ticker = world.ticker();
    await ticker.tick();
    world.source.set('billing', 40);
    world.clock.pass(1);

    const [early, asked] = [await ticker.tick(), await ticker.tick(true)];

    expect([early.committed, early.checkpoints]).toEqual([undefined, undefined]);
    expect([asked.committed, asked.checkpoints?.written]).toEqual([1, 1]);
  });
});

describe('a source without groups', () => {
  it('is told to be known as of now, so that no alarm takes it for one that does not answer', async () => {
    const world = new World();

    const well = await world.ticker().tick();
    world.source.fault = OUTAGE;
    const silent = await world.ticker().tick();

    expect([well.sourceAgeMs, silent.sourceAgeMs]).toEqual([0, undefined]);
  });
});

describe('a source that fails', () => {
  it('is stood in for by what it last told, with its age, until it answers again', async () => {
    const world = new World();
    world.source.set('billing', 40);
    const ticker = world.ticker();
    await ticker.tick();
    world.source.fault = OUTAGE;
    world.target.offsets.clear();
    world.clock.pass(30_000);

    const during = await ticker.tick();

    expect([during.sourceError, during.kept, during.sourceAgeMs]).toEqual([OUTAGE, 1, 30_000]);
    expect(Object.fromEntries(world.target.offsets)).toEqual({ billing: 35 });
    world.source.fault = undefined;
    world.source.set('billing', 60);
    world.clock.pass(5_000);
    const after = await ticker.tick();
    expect([after.sourceError, after.kept, after.sourceAgeMs]).toEqual([undefined, 0, 0]);
    expect(Object.fromEntries(world.target.offsets)).toEqual({ billing: 55 });
  });

  it('is recalled from the checkpoints topic by a function that begins only now', async () => {
    const world = new World();
    world.source.set('billing', 40);
    await world.ticker({ syncMs: undefined }).tick();
    world.source.fault = OUTAGE;
    world.clock.pass(90_000);

    const { sourceAgeMs, kept, committed } = await world.ticker().tick();

    expect({ sourceAgeMs, kept, committed }).toEqual({ sourceAgeMs: 90_000, kept: 1, committed: 1 });
    expect(Object.fromEntries(world.target.offsets)).toEqual({ billing: 35 });
    expect(world.checkpoints).toHaveLength(1);
  });

  it('for one group keeps no other from going on', async () => {
    const world = new World();
    world.source.set('billing', 40);
    world.source.set('shipping', 40);
    const ticker = world.ticker();
    await ticker.tick();
    world.source.silent.add('billing');
    world.source.set('shipping', 50);
    world.clock.pass(5_000);

    const { kept, sourceAgeMs } = await ticker.tick();

    expect({ kept, sourceAgeMs }).toEqual({ kept: 1, sourceAgeMs: 5_000 });
    expect(Object.fromEntries(world.target.offsets)).toEqual({ billing: 35, shipping: 45 });
  });
});

describe('a target that fails', () => {
  it('to take checkpoints is set groups all the same', async () => {
    const world = new World();
    world.source.set('billing', 40);
    world.log.fault = new Error('not authorized');

    const { errors, checkpoints, committed } = await world.ticker().tick();

    expect([errors.map(String), checkpoints, committed]).toEqual([['Error: not authorized'], undefined, 1]);
  });

  it('to tell its checkpoints gets none: what another run has written is not known', async () => {
    const world = new World();
    world.source.set('billing', 40);
    world.log.unreadable = new Error('no leader');

    const { errors, committed } = await world.ticker().tick();

    expect([errors.map(String), world.checkpoints, committed]).toEqual([['Error: no leader'], [], 1]);
  });

  it('to take offsets gets checkpoints all the same', async () => {
    const world = new World();
    world.source.set('billing', 40);
    world.commitFault = new Error('no coordinator');

    const { errors, checkpoints, committed } = await world.ticker().tick();

    expect([errors.map(String), checkpoints?.written, committed]).toEqual([['Error: no coordinator'], 1, undefined]);
  });

  it('to tell its groups fails the tick, and the next one is as if it had not been', async () => {
    const world = new World();
    world.source.set('billing', 40);
    const ticker = world.ticker();
    world.target.fault = new Error('No broker of cluster us-west answers');
    await expect(ticker.tick()).rejects.toThrow('us-west');
    world.target.fault = undefined;
    world.clock.pass(5_000);

    expect((await ticker.tick()).committed).toBe(1);
  });
});
