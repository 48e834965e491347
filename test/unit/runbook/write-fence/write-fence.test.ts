import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KafkaAuthorizationError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { LATEST_MS, liftWriteFence, sealWriteFence } from '../../../../shared/runbook/write-fence/lift.ts';
import { placeWriteFence } from '../../../../shared/runbook/write-fence/place.ts';
import type { FencedCluster } from '../../../../shared/runbook/write-fence/ports.ts';
import { FakeAcls } from '../stages/fake-acls.ts';
import { MemoryWriteFences } from '../stages/memory-write-fences.ts';

const TOPICS = ['orders', 'payments', 'refunds'];
const START = 1_700_000_000_000;
const confirm = async () => {};

/** When nothing that was under way can still come. */
function later(world: World) {
  world.now += LATEST_MS;
  return world.clock;
}

class Crash extends Error {}

/** A cluster and the notes of its fence; whoever uses them can be made to end before or after any call. */
class World {
  readonly acls = new FakeAcls({ alias: 'east', away: false }, []);
  readonly fences = new MemoryWriteFences();
  /** ms since the epoch; what is done at a time is done at once. */
  now = START;
  readonly clock = { now: () => this.now, wait: async () => {} };
  /** Fenced by users. */
  readonly theirs = new Set<string>();

  /** @param crashAt the half-call at which it ends: even ones before they have an effect, odd ones after */
  cluster(crashAt = Number.POSITIVE_INFINITY): FencedCluster {
    let at = 0;
    const step = async <T>(call: () => Promise<T>): Promise<T> => {
      if (at++ === crashAt) throw new Crash();
      const answer = await call();
      if (at++ === crashAt) throw new Crash();
      return answer;
    };
    const { acls, fences } = this;
    return {
      alias: 'east',
      acls: {
        acls: () => step(() => acls.acls()),
        createAcls: (bindings) => step(() => acls.createAcls(bindings)),
        deleteAcls: (bindings) => step(() => acls.deleteAcls(bindings)),
      },
      fences: {
        read: (cluster) => step(() => fences.read(cluster)),
        write: (cluster, expected, fence) => step(() => fences.write(cluster, expected, fence)),
      },
    };
  }

  get noted(): readonly string[] {
    return this.fences.notes.get('east')?.topics ?? [];
  }
}

const crashAt = fc.option(fc.nat({ max: 9 }), { nil: undefined });
const action = fc.oneof(
  fc.record({ kind: fc.constant('place'), topics: fc.subarray(TOPICS, { minLength: 1 }), crashAt }),
  fc.record({ kind: fc.constant('lift'), crashAt }),
  fc.record({ kind: fc.constantFrom('user fences', 'user admits'), topic: fc.constantFrom(...TOPICS) }),
);

it('whatever crashed where: lifting takes back all that was made, and nothing that users had fenced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
      const world = new World();
      let generation = 0;
      for (const each of actions) {
        generation++;
        world.now += LATEST_MS;
        const work = async () => {
          if ('topics' in each)
            return placeWriteFence(generation, each.topics, world.cluster(each.crashAt), world.clock, confirm);
          if ('crashAt' in each) return liftWriteFence(generation, world.cluster(each.crashAt), world.clock);
          // While it is noted, a fence of the user's own is the same ACL.
          if (world.noted.includes(each.topic)) return undefined;
          if (each.kind === 'user fences' && !world.acls.fenced.includes(each.topic)) {
            world.acls.fence(each.topic);
            world.theirs.add(each.topic);
          }
          return undefined;
        };
        await work().catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        expect(world.acls.fenced.filter((topic) => !world.noted.includes(topic)).toSorted()).toEqual(
          [...world.theirs].toSorted(),
        );
      }
      await placeWriteFence(generation + 1, TOPICS, world.cluster(), world.clock, confirm);
      expect([...world.acls.fenced].toSorted()).toEqual(TOPICS);
      world.now += LATEST_MS;
      await liftWriteFence(generation + 1, world.cluster(), world.clock);
      expect([...world.acls.fenced].toSorted()).toEqual([...world.theirs].toSorted());
      expect(world.noted).toEqual([]);
    }),
  );
});

describe('a run that another has taken over from', () => {
  it('neither places nor lifts', async () => {
    const world = new World();
    await placeWriteFence(7, TOPICS, world.cluster(), world.clock, confirm);
    const busy = { code: 'WRITE_FENCE_BUSY' };
    await expect(liftWriteFence(6, world.cluster(), later(world))).rejects.toMatchObject(busy);
    await expect(placeWriteFence(6, TOPICS, world.cluster(), world.clock, confirm)).rejects.toMatchObject(busy);
    await liftWriteFence(7, world.cluster(), later(world));
    await expect(placeWriteFence(6, TOPICS, world.cluster(), world.clock, confirm)).rejects.toMatchObject(busy);
    expect(world.acls.fenced).toEqual([]);
  });

  it('makes nothing when it comes between the reading of the other and its writing', async () => {
    const world = new World();
    const slow = world.cluster();
    const late = { ...slow.acls, acls: async () => liftedMeanwhile() };
    async function liftedMeanwhile() {
      await placeWriteFence(2, ['orders'], world.cluster(), world.clock, confirm);
      await liftWriteFence(2, world.cluster(), later(world));
      return [];
    }
    await expect(placeWriteFence(1, ['orders'], { ...slow, acls: late }, world.clock, confirm)).rejects.toMatchObject({
      code: 'WRITE_FENCE_BUSY',
    });
    expect(world.acls.fenced).toEqual([]);
  });
});

describe('a call that nobody waits for any more', () => {
  it('makes nothing when its run is undone after it has read the note', async () => {
    const world = new World();
    const { acls, ...rest } = world.cluster();
    const undone = async () => {
      await sealWriteFence(1, world.cluster());
      return acls.acls();
    };
    const cluster = { ...rest, acls: { ...acls, acls: undone } };
    await expect(placeWriteFence(1, TOPICS, cluster, world.clock, confirm)).rejects.toMatchObject({
      code: 'WRITE_FENCE_BUSY',
    });
    expect([world.acls.fenced, world.noted]).toEqual([[], []]);
  });

  it('makes nothing when its run was undone before that: the registry says so', async () => {
    const world = new World();
    await sealWriteFence(1, world.cluster());
    const refuses = async () => {
      throw new Crash();
    };
    await expect(placeWriteFence(1, TOPICS, world.cluster(), world.clock, refuses)).rejects.toThrow(Crash);
    expect([world.acls.fenced, world.noted]).toEqual([[], []]);
  });

  it('may make it once more after it was lifted: lifting is not done before that is over', async () => {
    const world = new World();
    await placeWriteFence(1, ['orders'], world.cluster(), world.clock, confirm);
    await expect(liftWriteFence(1, world.cluster(), world.clock)).rejects.toMatchObject({ code: 'WRITE_FENCE_YOUNG' });
    expect(world.acls.fenced).toEqual([]);
    world.acls.fence('orders');
    expect(await liftWriteFence(1, world.cluster(), later(world))).toBe(1);
    expect([world.acls.fenced, world.noted]).toEqual([[], []]);
  });

  it('asks for no ACL long after the note', async () => {
    const world = new World();
    const { fences, ...rest } = world.cluster();
    const slow: FencedCluster = {
      ...rest,
      fences: {
        ...fences,
        write: async (...note) => {
          const written = await fences.write(...note);
          world.now += 6_000;
          return written;
        },
      },
    };
    await expect(placeWriteFence(1, TOPICS, slow, world.clock, confirm)).rejects.toMatchObject({
      code: 'WRITE_FENCE_BUSY',
    });
    expect(world.acls.fenced).toEqual([]);
    expect(world.noted).toEqual(TOPICS);
  });
});

describe('what is refused', () => {
  it('is told with its topics and the right, and stays noted', async () => {
    const world = new World();
    world.acls.refusal = new KafkaAuthorizationError('east', rights.alterAcls());
    await expect(placeWriteFence(1, TOPICS, world.cluster(), world.clock, confirm)).rejects.toMatchObject({
      code: 'KAFKA_NOT_AUTHORIZED',
      message: expect.stringContaining('could not be made for orders and 2 more topics'),
    });
    expect(world.noted).toEqual(TOPICS);
    world.acls.refusal = undefined;
    await placeWriteFence(1, TOPICS, world.cluster(), world.clock, confirm);
    world.acls.refusal = new KafkaAuthorizationError('east', rights.alterAcls());
    await expect(liftWriteFence(1, world.cluster(), later(world))).rejects.toMatchObject({
      message: expect.stringContaining('could not be lifted for orders and 2 more topics'),
    });
    expect(world.noted).toEqual(TOPICS);
  });
});

it('on a cluster that has lost its authorizer stands no more, and is forgotten', async () => {
  const world = new World();
  await placeWriteFence(1, TOPICS, world.cluster(), world.clock, confirm);
  world.acls.hasAuthorizer = false;
  expect(await liftWriteFence(1, world.cluster(), later(world))).toBe(0);
  expect(world.noted).toEqual([]);
});

it('of more topics than one request takes is made of several', async () => {
  const world = new World();
  const many = Array.from({ length: 450 }, (_, n) => `topic-${n}`);
  await placeWriteFence(1, many, world.cluster(), world.clock, confirm);
  expect(world.acls.fenced).toHaveLength(450);
  expect(await liftWriteFence(1, world.cluster(), later(world))).toBe(450);
});
