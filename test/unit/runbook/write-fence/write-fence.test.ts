import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KafkaAuthorizationError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { liftWriteFence } from '../../../../shared/runbook/write-fence/lift.ts';
import { placeWriteFence } from '../../../../shared/runbook/write-fence/place.ts';
import type { FencedCluster } from '../../../../shared/runbook/write-fence/ports.ts';
import { FakeAcls } from '../stages/fake-acls.ts';
import { MemoryWriteFences } from '../stages/memory-write-fences.ts';

const TOPICS = ['orders', 'payments', 'refunds'];
const clock = { now: () => 1_000, wait: async () => {} };

class Crash extends Error {}

/** A cluster and the notes of its fence; whoever uses them can be made to end before or after any call. */
class World {
  readonly acls = new FakeAcls({ alias: 'east', away: false }, []);
  readonly fences = new MemoryWriteFences();
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
        const work = async () => {
          if ('topics' in each) return placeWriteFence(generation, each.topics, world.cluster(each.crashAt), clock);
          if ('crashAt' in each) return liftWriteFence(generation, world.cluster(each.crashAt));
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
      await placeWriteFence(generation + 1, TOPICS, world.cluster(), clock);
      expect([...world.acls.fenced].toSorted()).toEqual(TOPICS);
      await liftWriteFence(generation + 1, world.cluster());
      expect([...world.acls.fenced].toSorted()).toEqual([...world.theirs].toSorted());
      expect(world.noted).toEqual([]);
    }),
  );
});

describe('a run that another has taken over from', () => {
  it('neither places nor lifts', async () => {
    const world = new World();
    await placeWriteFence(7, TOPICS, world.cluster(), clock);
    const busy = { code: 'WRITE_FENCE_BUSY' };
    await expect(liftWriteFence(6, world.cluster())).rejects.toMatchObject(busy);
    await expect(placeWriteFence(6, TOPICS, world.cluster(), clock)).rejects.toMatchObject(busy);
    await liftWriteFence(7, world.cluster());
    await expect(placeWriteFence(6, TOPICS, world.cluster(), clock)).rejects.toMatchObject(busy);
    expect(world.acls.fenced).toEqual([]);
  });

  it('makes nothing when it comes between the reading of the other and its writing', async () => {
    const world = new World();
    const slow = world.cluster();
    const late = { ...slow.acls, acls: async () => liftedMeanwhile() };
    async function liftedMeanwhile() {
      await placeWriteFence(2, ['orders'], world.cluster(), clock);
      await liftWriteFence(2, world.cluster());
      return [];
    }
    await expect(placeWriteFence(1, ['orders'], { ...slow, acls: late }, clock)).rejects.toMatchObject({
      code: 'WRITE_FENCE_BUSY',
    });
    expect(world.acls.fenced).toEqual([]);
  });
});

describe('what is refused', () => {
  it('is told with its topics and the right, and stays noted', async () => {
    const world = new World();
    world.acls.refusal = new KafkaAuthorizationError('east', rights.alterAcls());
    await expect(placeWriteFence(1, TOPICS, world.cluster(), clock)).rejects.toMatchObject({
      code: 'KAFKA_NOT_AUTHORIZED',
      message: expect.stringContaining('could not be made for orders and 2 more topics'),
    });
    expect(world.noted).toEqual(TOPICS);
    world.acls.refusal = undefined;
    await placeWriteFence(1, TOPICS, world.cluster(), clock);
    world.acls.refusal = new KafkaAuthorizationError('east', rights.alterAcls());
    await expect(liftWriteFence(1, world.cluster())).rejects.toMatchObject({
      message: expect.stringContaining('could not be lifted for orders and 2 more topics'),
    });
    expect(world.noted).toEqual(TOPICS);
  });
});

it('on a cluster that has lost its authorizer stands no more, and is forgotten', async () => {
  const world = new World();
  await placeWriteFence(1, TOPICS, world.cluster(), clock);
  world.acls.hasAuthorizer = false;
  expect(await liftWriteFence(1, world.cluster())).toBe(0);
  expect(world.noted).toEqual([]);
});

it('of more topics than one request takes is made of several', async () => {
  const world = new World();
  const many = Array.from({ length: 450 }, (_, n) => `topic-${n}`);
  await placeWriteFence(1, many, world.cluster(), clock);
  expect(world.acls.fenced).toHaveLength(450);
  expect(await liftWriteFence(1, world.cluster())).toBe(450);
});
