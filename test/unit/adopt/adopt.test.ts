import { describe, expect, test } from 'vitest';
import type { AdoptWanted } from '../../../shared/adopt/adoption.ts';
import { carryOut } from '../../../shared/adopt/carry-out.ts';
import { planAdoption } from '../../../shared/adopt/plan.ts';
import { head, run } from '../../integration/dynamodb/table.ts';
import { GROUP, World, wanted } from './world.ts';

const plan = (world: World, changes: Partial<AdoptWanted> = {}) => planAdoption(wanted(changes), world.ports());

async function adopt(world: World, changes: Partial<AdoptWanted> = {}) {
  const ports = world.ports();
  return carryOut(await planAdoption(wanted(changes), ports), wanted(changes), ports);
}

/** `adopt 3`, `begin 0`, `replicated 5`, `NOT_READY`: what becomes of each partition of `orders`. */
function outcomes(found: Awaited<ReturnType<typeof plan>> | Awaited<ReturnType<typeof adopt>>): string[] {
  return found.topics.flatMap(({ partitions }) =>
    partitions.map(({ outcome }) => {
      if (outcome.kind === 'refused') return outcome.refusal.kind;
      if (outcome.kind === 'begin') return `begin ${outcome.from}`;
      return `${outcome.kind} ${outcome.kind === 'replicated' ? outcome.nextSource : outcome.position.nextSource}`;
    }),
  );
}

describe('the plan', () => {
  test('has every partition of the topics that the flow covers and MirrorMaker 2 has copied, and changes nothing', async () => {
    const world = new World(['a b c', 'd e', 'f g'], ['a b', 'd e', '']);
    world.recorded.set(0, 0);

    const found = await plan(world);

    expect(found).toMatchObject({ flow: 'us-east->us-west', connectors: ['MirrorSourceConnector'], absent: [] });
    expect(found.topics.map(({ topic, remoteTopic }) => [topic, remoteTopic])).toEqual([['orders', 'us-east.orders']]);
    expect(outcomes(found)).toEqual(['adopt 2', 'adopt 2', 'begin 0']);
    expect(world.steps).toEqual(['wait 5000']);
  });

  test('has the topics that are named, covered or not, and tells of those that have no copy', async () => {
    const found = await plan(new World(['a'], ['a']), { only: ['other', 'new', 'none'] });

    expect(found.topics.map(({ topic }) => topic)).toEqual(['other']);
    expect(found.absent).toEqual(['new', 'none']);
  });

  test('begins partitions that the source has and the copy has not yet', async () => {
    expect(outcomes(await plan(new World(['a', 'b c'], ['a'])))).toEqual(['adopt 1', 'begin 0']);
  });

  test.each(['b', ''])('refuses a partition of "%s" that is copied on while it is looked at', async (copied) => {
    const world = new World(['a', 'b c d'], ['a', copied]);
    world.did = (step) => {
      if (step.startsWith('wait')) world.target[1] = 'b c';
    };

    expect(outcomes(await plan(world))).toEqual(['adopt 1', 'still-copying']);
  });

  test('tells a partition that is copied while it is looked at as just that', async () => {
    const world = new World(['a b'], ['a b']);
    const { source, ...ports } = world.ports();
    const log: typeof source.log = async (topic, partition) => {
      const found = await source.log(topic, partition);
      world.source[0] = world.target[0] = 'a b c';
      return found;
    };

    expect(outcomes(await planAdoption(wanted(), { ...ports, source: { ...source, log } }))).toEqual(['still-copying']);
  });

  test.each([
    [
      'was made anew since it was registered',
      (world: World) => world.register({ sourceTopicId: 'before' }),
      'not-ready',
    ],
    ['is being taken out of the flow', (world: World) => world.register({ state: 'draining' }), 'not-ready'],
    ['is out of the flow', (world: World) => world.register({ state: 'retired' }), 'adopt 1'],
    ['is registered, without a mapping yet', (world: World) => world.register(), 'adopt 1'],
  ])('of a topic that %s', async (_, arrange, outcome) => {
    const world = new World(['a b'], ['a']);
    arrange(world);

    expect(outcomes(await plan(world))).toEqual([outcome]);
  });

  test('leaves alone what Causeway replicates, and refuses what MirrorMaker 2 has gone on with', async () => {
    const world = new World(['a b c', 'd e f'], ['a b', 'd e f']);
    for (const partition of [0, 1]) world.heads.set(partition, head(4, { nextSource: run(2, 0, 1).source }));
    world.recorded.set(0, 1).set(1, 2);

    expect(outcomes(await plan(world))).toEqual(['replicated 2', 'both-copied']);
  });

  test.each([
    ['whose group has no commits, from the log’s start', undefined, true, 'adopt 2'],
    ['whose group has no commits, from elsewhere', undefined, false, 'mapping-began-late'],
    ['whose group stands where it is due', 2, false, 'adopt 2'],
    ['whose group stands before', 0, false, 'adopt 2'],
    ['whose group has passed records that are not copied', 3, true, 'group-ahead'],
  ])('with a mapping %s', async (_, committed, startsEarliest, outcome) => {
    const world = new World(['a b c'], ['a b']);
    world.register();
    world.map();
    if (committed !== undefined) world.commits.set(0, committed);

    expect(outcomes(await plan(world, { startsEarliest }))).toEqual([outcome]);
  });

  test('is not made for two directions that meet in topics of the same names', async () => {
    await expect(plan(new World(['a'], ['a']), { twoWay: true })).rejects.toMatchObject({ code: 'ADOPT_TWO_WAY' });
  });
});

describe('carrying it out', () => {
  test('commits where mappings are to begin, then writes HEADs, then registers the topic', async () => {
    const world = new World(['a b c', 'd e'], ['a b', '']);

    expect(outcomes(await adopt(world))).toEqual(['adopted 2', 'begin 0']);

    expect(world.steps).toEqual(['wait 5000', 'commit', `producer ${GROUP}.0`, 'head 0', 'register']);
    expect([...world.commits]).toEqual([
      [0, 2],
      [1, 0],
    ]);
    expect(world.items.get('orders')).toMatchObject({
      ...{ version: 1, generation: 1, state: 'active', consumerGroup: GROUP, partitions: 2 },
      ...{ sourceTopicId: 'source-id', targetTopicId: 'target-id' },
    });
  });

  test('first forgets where the topic was to begin as a new one: what MirrorMaker 2 has not begun is copied from its start', async () => {
    const world = new World(['a b c', 'd e'], ['a b', '']);
    world.register({ begins: [3, 2] });

    expect(outcomes(await adopt(world))).toEqual(['adopted 2', 'begin 0']);

    expect(world.items.get('orders')).toMatchObject({ version: 4 });
    expect(world.items.get('orders')?.begins).toBeUndefined();
    expect(world.steps.indexOf('register')).toBeLessThan(world.steps.indexOf('commit'));
    expect(world.commits.get(1)).toBe(0);
  });

  test('does nothing for a topic that reconcile has written meanwhile', async () => {
    const world = new World(['a b c'], ['a b']);
    world.register({ begins: [3] });
    world.did = (step) => {
      if (step === 'wait 5000') world.register({ begins: [3], version: 4 });
    };

    expect(outcomes(await adopt(world))).toEqual(['not-ready']);
    expect([world.commits.size, world.heads.size]).toEqual([0, 0]);
  });

  test('writes a HEAD that appends the next record of the source at the end of the target', async () => {
    const world = new World(['a - b c d'], ['a b c']);
    await adopt(world);

    expect(world.heads.get(0)).toEqual({
      ...{ version: 1, sourceTopicId: 'source-id', targetTopicId: 'target-id' },
      ...{ producer: { producerId: 40n, epoch: 2 }, nextSequence: 0, fresh: true, lease: undefined },
      ...{ nextSource: 4, nextTarget: 3, openRun: run(2, 1, 2), grant: { kind: 'open' }, sparse: false },
      ...{ fence: { kind: 'none' }, sourceLeaderEpoch: 7, lastTimestamp: -1 },
      ...{ renewedAt: 6_000, sourceLeaderSince: 6_000 },
      // A first delivery from further on is compared with the source before it is believed.
      replay: { cause: 'taken-over', until: 5 },
    });
    expect(world.writes.get(0)?.closed).toEqual([run(0, 0, 1)]);
  });

  test('closes the grant where offsets have holes by nature', async () => {
    const keeping = new World(['a b'], ['a']);
    await adopt(keeping, { keepsNames: true });
    const compacted = new World(['k:1 l:2'], ['k:1']);
    compacted.compacted.add('orders');
    await adopt(compacted);

    for (const { heads } of [keeping, compacted])
      expect(heads.get(0)).toMatchObject({ sparse: true, grant: { kind: 'closed' } });
  });

  test.each(['commit', `producer ${GROUP}.0`, 'head 0', 'head 1', 'register'])(
    'cut off at "%s", is done by the next one',
    async (cut) => {
      const world = new World(['a b c', 'd e'], ['a b', 'd']);
      world.did = (step) => {
        if (step === cut) throw new Error('cut off');
      };
      await expect(adopt(world)).rejects.toThrow('cut off');
      world.did = () => {};

      expect(outcomes(await adopt(world)).map((each) => each.split(' ')[1])).toEqual(['2', '1']);
      expect([...world.commits]).toEqual([
        [0, 2],
        [1, 1],
      ]);
      expect(world.heads.size).toBe(2);
      expect(world.items.size).toBe(1);
    },
  );

  test('done again changes nothing', async () => {
    const world = new World(['a b c'], ['a b']);
    await adopt(world);
    world.map();
    world.steps.length = 0;

    expect(outcomes(await adopt(world))).toEqual(['replicated 2']);
    expect(world.steps).toEqual([]);
  });

  test('looks at the target’s end once more after it has the producer id', async () => {
    const world = new World(['a b c'], ['a']);
    world.did = (step) => {
      if (step.startsWith('producer')) world.target[0] = 'a b';
    };

    expect(outcomes(await adopt(world))).toEqual(['still-copying']);
    expect(world.heads.size).toBe(0);
    expect(world.items.size).toBe(0);
  });

  test('believes a HEAD that another run wrote first, unless it is behind', async () => {
    const race = async (nextSource: number) => {
      const world = new World(['a b c'], ['a b']);
      world.did = (step) => {
        if (step.startsWith('producer')) world.heads.set(0, head(1, { nextSource: run(nextSource, 0, 1).source }));
      };
      return outcomes(await adopt(world));
    };

    expect(await race(2)).toEqual(['replicated 2']);
    expect(await race(1)).toEqual(['both-copied']);
  });

  test('does not trust a mapping that was made while it committed the start, unless all mappings begin early enough', async () => {
    const race = async (startsEarliest: boolean) => {
      const world = new World(['a b c'], ['a b']);
      world.did = (step) => {
        if (step === 'commit') world.map();
      };
      return outcomes(await adopt(world, { startsEarliest }));
    };

    expect(await race(true)).toEqual(['adopted 2']);
    expect(await race(false)).toEqual(['mapping-began-late']);
  });

  test('begins with nothing while MirrorMaker 2 is running, unless it is said to copy nothing of the flow', async () => {
    const world = new World(['a b'], ['a']);
    world.workersRunning = true;

    await expect(adopt(world)).rejects.toMatchObject({ code: 'MIRRORMAKER_RUNNING' });
    expect(world.steps).toEqual(['wait 5000']);
    expect(outcomes(await adopt(world, { workersIdle: true }))).toEqual(['adopted 1']);
  });

  test('takes over the partitions that are certain, and has the others begin where nothing of them is passed over', async () => {
    const world = new World(['a b c', 'd e f'], ['a b', 'd x']);

    expect(outcomes(await adopt(world))).toEqual(['adopted 2', 'not-in-source']);
    expect([...world.heads.keys()]).toEqual([0]);
    expect(world.commits.get(1)).toBe(0);
  });
});
