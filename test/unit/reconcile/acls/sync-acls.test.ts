import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KafkaAuthorizationError } from '../../../../shared/adapters/kafka/errors.ts';
import { rights } from '../../../../shared/adapters/kafka/rights.ts';
import { syncAcls } from '../../../../shared/reconcile/acls/sync-acls.ts';
import { Acls, binding } from './acls.ts';

const flow = { source: 'us-east', target: 'us-west' };
const topics = {
  covers: (topic: string) => !topic.startsWith('private'),
  remoteTopic: (topic: string) => `us-east.${topic}`,
};
const rules = { topics, deleteRevoked: true };

function acls(here: readonly string[], there: readonly string[] = []): Acls {
  const made = new Acls();
  made.give('here', ...here);
  made.give('there', ...there);
  return made;
}

describe('as in MirrorMaker 2', () => {
  test('rights on single covered topics are given on their copies; to write is not, to do anything is to read', async () => {
    const world = acls([
      'ALLOW READ User:app orders',
      'ALLOW WRITE User:app orders',
      'ALLOW ALL User:admin orders',
      'DENY WRITE User:app orders',
      'DENY ALL User:mallory orders',
      'ALLOW DESCRIBE User:app not-there-yet',
      'ALLOW READ User:app private-orders',
      'ALLOW READ User:app log-*',
      'ALLOW READ User:app *',
    ]);

    const { created, ofPatterns } = await syncAcls(flow, rules, world.ports());

    expect(world.onTarget).toEqual([
      'ALLOW DESCRIBE User:app us-east.not-there-yet',
      'ALLOW READ User:admin us-east.orders',
      'ALLOW READ User:app us-east.orders',
      'DENY ALL User:mallory us-east.orders',
      'DENY WRITE User:app us-east.orders',
    ]);
    expect(created.length).toBe(5);
    expect(ofPatterns).toEqual([binding('ALLOW READ User:app log-*'), binding('ALLOW READ User:app *')]);
  });

  test('with causeway.sync.topic.acls.delete = false nothing is ever taken back, until it is true again', async () => {
    const world = acls(['ALLOW READ User:app orders']);
    await syncAcls(flow, { ...rules, deleteRevoked: false }, world.ports());
    world.take('here', 'ALLOW READ User:app orders');

    await syncAcls(flow, { ...rules, deleteRevoked: false }, world.ports());
    expect(world.onTarget).toEqual(['ALLOW READ User:app us-east.orders']);

    await syncAcls(flow, rules, world.ports());
    expect(world.onTarget).toEqual([]);
  });
});

test('a fence against all writers stays on the source: on the copy it would stop the flow, and applications that move there', async () => {
  const world = acls(['DENY WRITE User:* orders', 'DENY WRITE User:app orders', 'DENY ALL User:* orders']);

  await syncAcls(flow, rules, world.ports());

  expect(world.onTarget).toEqual(['DENY ALL User:* us-east.orders', 'DENY WRITE User:app us-east.orders']);
  expect(world.noted).toEqual(world.onTarget);
  world.give('there', 'DENY WRITE User:* us-east.orders');
  world.take('here', 'DENY WRITE User:* orders');
  expect(await syncAcls(flow, rules, world.ports())).toMatchObject({ created: [], revoked: [] });
});

test('what is there already is not written again, and when nothing differs nothing is written at all', async () => {
  const world = acls(['ALLOW READ User:app orders', 'ALLOW READ User:b orders'], ['ALLOW READ User:b us-east.orders']);
  const { created } = await syncAcls(flow, rules, world.ports());
  expect(created.map(({ acl }) => acl.principal)).toEqual(['User:app']);
  world.asked = 0;

  expect(await syncAcls(flow, rules, world.ports())).toMatchObject({ created: [], revoked: [], errors: [] });

  expect(world.asked).toBe(0);
});

test('a right that is gone at the source is revoked on the target, if Causeway gave it', async () => {
  const world = acls(['ALLOW READ User:app orders', 'ALLOW READ User:b orders'], ['ALLOW READ User:b us-east.orders']);
  await syncAcls(flow, rules, world.ports());
  world.take('here', 'ALLOW READ User:app orders', 'ALLOW READ User:b orders');
  world.give('there', 'ALLOW READ User:by-hand us-east.orders');

  const { revoked } = await syncAcls(flow, rules, world.ports());

  expect(revoked).toEqual([
    {
      remoteTopic: 'us-east.orders',
      acl: { permission: 'ALLOW', operation: 'READ', principal: 'User:app', host: '*' },
    },
  ]);
  expect(world.onTarget).toEqual(['ALLOW READ User:b us-east.orders', 'ALLOW READ User:by-hand us-east.orders']);
  expect(world.noted).toEqual([]);
});

test('rights on a topic that the flow no longer covers stay: they are not gone at the source', async () => {
  const world = acls(['ALLOW READ User:app orders']);
  await syncAcls(flow, rules, world.ports());

  await syncAcls(flow, { ...rules, topics: { ...topics, covers: () => false } }, world.ports());

  expect(world.onTarget).toEqual(['ALLOW READ User:app us-east.orders']);
});

test.each([
  ['source', 'us-east'],
  ['target', 'us-west'],
])('without an authorizer on the %s nothing is done, and it is no error', async (side, cluster) => {
  const world = acls(['ALLOW READ User:app orders'], ['ALLOW READ User:app us-east.orders']);
  await syncAcls(flow, rules, world.ports());
  if (side === 'source') world.here = 'no-authorizer';
  else world.there = 'no-authorizer';
  world.asked = 0;

  const sync = await syncAcls(flow, rules, world.ports());

  expect(sync).toMatchObject({ withoutAuthorizer: cluster, created: [], revoked: [], errors: [] });
  expect(world.asked).toBe(0);
});

test('a right that the target refuses is told with its remedy and not remembered; the others are given', async () => {
  const world = acls(['ALLOW READ User:app orders', 'ALLOW READ User:b orders']);
  world.refused.set('ALLOW READ User:b us-east.orders', new KafkaAuthorizationError('us-west', rights.alterAcls()));

  const { errors, created } = await syncAcls(flow, rules, world.ports());

  expect(created.length).toBe(1);
  expect(world.noted).toEqual(['ALLOW READ User:app us-east.orders']);
  expect(errors).toMatchObject([{ code: 'KAFKA_NOT_AUTHORIZED' }]);
  expect(errors[0]?.message).toBe(
    'us-east->us-west: ALLOW READ for User:b on us-east.orders could not be made on us-west: Cluster us-west denies Alter on the cluster',
  );
  expect(errors[0]?.next).toMatch(/Grant Alter on the cluster.*sync\.topic\.acls\.enabled = false/);
});

test('a revocation that is refused is tried again', async () => {
  const world = acls(['ALLOW READ User:app orders']);
  await syncAcls(flow, rules, world.ports());
  world.take('here', 'ALLOW READ User:app orders');
  world.refused.set('ALLOW READ User:app us-east.orders', new KafkaAuthorizationError('us-west', rights.alterAcls()));
  expect((await syncAcls(flow, rules, world.ports())).errors.length).toBe(1);
  world.refused.clear();

  await syncAcls(flow, rules, world.ports());

  expect(world.onTarget).toEqual([]);
});

test.each([3, 4, 5, 6])(
  'a right whose giving was interrupted after %i calls is revoked like any other',
  async (calls) => {
    const world = acls(['ALLOW READ User:app orders']);
    let left = calls;
    const end = async () => {
      if (left-- === 0) throw new Error('ended');
    };
    await syncAcls(flow, rules, world.ports(end)).catch(() => undefined);
    world.take('here', 'ALLOW READ User:app orders');

    await syncAcls(flow, rules, world.ports());

    expect(world.onTarget).toEqual([]);
    expect(world.noted).toEqual([]);
  },
);

test('a cluster that does not show its ACLs is told with what it needs, and keeps what it has', async () => {
  const world = acls(['ALLOW READ User:app orders']);
  const ports = world.ports();
  const refused = () => Promise.reject(new KafkaAuthorizationError('us-east', rights.describeAcls()));

  await expect(syncAcls(flow, rules, { ...ports, source: { acls: refused } })).rejects.toMatchObject({
    code: 'KAFKA_NOT_AUTHORIZED',
    message: 'us-east->us-west: ACLs of us-east could not be read: Cluster us-east denies Describe on the cluster',
    retriable: false,
  });
});

const anyRight = fc.constantFrom(
  'ALLOW READ User:a orders',
  'ALLOW ALL User:a orders',
  'ALLOW WRITE User:a orders',
  'DENY ALL User:b orders',
  'ALLOW READ User:a payments',
  'ALLOW READ User:a private',
  'ALLOW READ User:a log-*',
  'ALLOW READ User:a *',
);
const anyRemoteRight = fc.constantFrom('ALLOW READ User:a us-east.orders', 'DENY ALL User:b us-east.orders');
const happening = fc.oneof(
  fc.record({ kind: fc.constant('give' as const), side: fc.constant('here' as const), right: anyRight }),
  fc.record({ kind: fc.constant('take' as const), side: fc.constant('here' as const), right: anyRight }),
  fc.record({ kind: fc.constant('give' as const), side: fc.constant('there' as const), right: anyRemoteRight }),
  fc.record({ kind: fc.constant('sync' as const), endsAfter: fc.integer({ min: 0, max: 12 }) }),
);

test('whatever happened, and wherever runs ended: the copies have the rights of their source, what was given by hand stays, and looking again does nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 20 }), async (happenings) => {
      const world = acls([], []);
      const byHand = new Set<string>();
      for (const each of happenings) {
        if (each.kind === 'sync') {
          let left = each.endsAfter;
          const end = async () => {
            if (left-- === 0) throw new Error('ended');
          };
          await syncAcls(flow, rules, world.ports(end)).catch(() => undefined);
        } else if (each.kind === 'take') {
          world.take('here', each.right);
        } else {
          const there = each.side === 'there' ? world.onTarget : [];
          // Given by hand only where Causeway has not given it, or is about to.
          if (each.side === 'there' && (there.includes(each.right) || world.noted.includes(each.right))) continue;
          if (each.side === 'there') byHand.add(each.right);
          if (!there.includes(each.right)) world.give(each.side, each.right);
        }
      }
      await syncAcls(flow, rules, world.ports());
      world.asked = 0;
      expect(await syncAcls(flow, rules, world.ports())).toMatchObject({ created: [], revoked: [], errors: [] });
      expect(world.asked).toBe(0);

      const here = world.here === 'no-authorizer' ? [] : world.here;
      const copied = here
        .filter(({ name, pattern }) => pattern === 'literal' && name !== '*' && topics.covers(name))
        .filter(({ permission, operation }) => permission === 'DENY' || operation !== 'WRITE')
        .map(({ permission, operation, principal, name }) => {
          const given = permission === 'ALLOW' && operation === 'ALL' ? 'READ' : operation;
          return `${permission} ${given} ${principal} us-east.${name}`;
        });
      expect(world.onTarget).toEqual([...new Set([...copied, ...byHand])].sort());
    }),
    { numRuns: 1_000 },
  );
});
