import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { identityPolicy } from '../../../shared/policy/identity-policy.ts';
import { NamePatternRefusal, patternPolicy } from '../../../shared/policy/pattern-policy.ts';
import { type PolicySettings, policyFor } from '../../../shared/policy/policy-settings.ts';
import { provenance, type ReplicationPolicy } from '../../../shared/policy/replication-policy.ts';

/** topic, remote name from A, source, upstream topic, original topic; as the classes of connect-mirror-client 4.1.0 answer. */
type Row = readonly [string, string, string | undefined, string | undefined, string];

function row(policy: ReplicationPolicy, topic: string): Row {
  return [
    topic,
    policy.remoteTopic('A', topic),
    policy.topicSource(topic),
    policy.upstreamTopic(topic),
    policy.originalTopic(topic),
  ];
}

describe('DefaultReplicationPolicy', () => {
  const none = undefined;
  test.each<Row>([
    ['orders', 'A.orders', none, none, 'orders'],
    ['A.orders', 'A.A.orders', 'A', 'orders', 'orders'],
    ['a.b.c', 'A.a.b.c', 'a', 'b.c', 'c'],
    ['.x', 'A..x', '', 'x', 'x'],
    ['..a', 'A...a', '', '.a', 'a'],
    ['a..', 'A.a..', none, none, 'a..'],
    ['my-heartbeats', 'A.my-heartbeats', none, none, 'my-heartbeats'],
    ['A.checkpoints.internal', 'A.A.checkpoints.internal', 'A', 'checkpoints.internal', 'internal'],
  ])('names %s as MirrorMaker 2 does', (...expected) => {
    expect(row(defaultPolicy('.', '.'), expected[0])).toEqual(expected);
  });

  test.each<Row>([
    ['A.orders', 'A_A.orders', none, none, 'A.orders'],
    ['__x', 'A___x', '', '_x', 'x'],
    ['A_checkpoints_internal', 'A_A_checkpoints_internal', 'A', 'checkpoints_internal', 'internal'],
  ])('names %s with the separator _ as MirrorMaker 2 does', (...expected) => {
    expect(row(defaultPolicy('_', '_'), expected[0])).toEqual(expected);
  });

  test.each([
    ['.', '.', 'mm2-offset-syncs.A.internal', 'A.checkpoints.internal'],
    ['_', '_', 'mm2-offset-syncs_A_internal', 'A_checkpoints_internal'],
    ['_', '.', 'mm2-offset-syncs.A.internal', 'A.checkpoints.internal'],
  ])('names internal topics with separator %s and %s', (separator, internal, offsetSyncs, checkpoints) => {
    const policy = defaultPolicy(separator, internal);

    expect(policy.offsetSyncsTopic('A')).toBe(offsetSyncs);
    expect(policy.checkpointsTopic('A')).toBe(checkpoints);
    expect(policy.isMirrorMakerInternal(offsetSyncs)).toBe(true);
    expect(policy.isCheckpoints(checkpoints)).toBe(true);
  });

  test.each([
    ['mm2-offsets.A.internal', true],
    ['A.checkpoints.internal', true],
    ['__consumer_offsets', true],
    ['.x', true],
    ['x.internal', false],
    ['x-internal', false],
    ['mm2-x-internal', false],
    ['orders', false],
  ])('%s is internal: %s', (topic, internal) => {
    expect(defaultPolicy('.', '.').isInternal(topic)).toBe(internal);
  });

  test('knows heartbeats by their original name, however often they were copied', () => {
    const policy = defaultPolicy('.', '.');

    const heartbeats = ['heartbeats', 'A.heartbeats', 'B.A.heartbeats', 'my.app.heartbeats', 'my-heartbeats', 'orders'];
    expect(heartbeats.filter((topic) => policy.isHeartbeats(topic))).toEqual(heartbeats.slice(0, 4));
  });
});

describe('IdentityReplicationPolicy', () => {
  const none = undefined;
  test.each<Row>([
    ['orders', 'orders', 'A', 'orders', 'orders'],
    ['A.orders', 'A.orders', 'A', 'A.orders', 'A.orders'],
    ['heartbeats', 'A.heartbeats', none, none, 'heartbeats'],
    ['my-heartbeats', 'A.my-heartbeats', none, none, 'my-heartbeats'],
    ['A.heartbeats', 'A.A.heartbeats', 'A', 'heartbeats', 'heartbeats'],
  ])('names %s as MirrorMaker 2 does', (...expected) => {
    expect(row(identityPolicy('A', '.', '.'), expected[0])).toEqual(expected);
  });

  test('knows no source when its alias is not configured', () => {
    expect(identityPolicy(undefined, '.', '.').topicSource('orders')).toBeUndefined();
  });
});

describe('a pattern of names', () => {
  test('replica-{source}-{topic} is led back to source and topic', () => {
    const policy = patternPolicy('replica-{source}-{topic}', ['us-east', 'us-west'], '.');

    expect(row(policy, 'orders')).toEqual(['orders', 'replica-A-orders', undefined, undefined, 'orders']);
    expect(policy.topicSource('replica-us-east-orders')).toBe('us-east');
    expect(policy.upstreamTopic('replica-us-east-orders')).toBe('orders');
    expect(policy.originalTopic('replica-us-west-replica-us-east-orders')).toBe('orders');
    expect(policy.topicSource('replica-eu-orders')).toBeUndefined();
    expect(policy.topicSource('replica-us-east-')).toBeUndefined();
    expect(policy.isHeartbeats('replica-us-west-heartbeats')).toBe(true);
  });

  test.each([
    ['{topic}', ['A', 'B'], 'IdentityReplicationPolicy'],
    ['copy-{topic}', ['A', 'B'], 'each once'],
    ['{source}-{source}-{topic}', ['A', 'B'], 'each once'],
    ['{source}{topic}', ['A', 'B'], 'no text between'],
    ['{source}/{topic}', ['A', 'B'], 'a broker takes only'],
    ['{source}-{topic}', ['us', 'us-east'], 'us-east-orders could be orders of us-east or east-orders of us'],
    ['{topic}-{source}', ['west', 'us-west'], 'orders-us-west could be orders of us-west or orders-us of west'],
  ])('%s for %j is refused with the reason', (pattern, aliases, reason) => {
    expect(() => patternPolicy(pattern, aliases, '.')).toThrow(NamePatternRefusal);
    expect(() => patternPolicy(pattern, aliases, '.')).toThrow(reason);
  });

  test('an alias within another is taken where the text around it tells them apart', () => {
    const policy = patternPolicy('{source}.{topic}', ['us', 'us-east'], '.');

    expect(policy.topicSource('us-east.orders')).toBe('us-east');
    expect(policy.topicSource('us.orders')).toBe('us');
  });
});

const alias = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const topic = fc.stringMatching(/^[a-zA-Z0-9._-]{1,20}$/);
type Make = (aliases: readonly string[]) => PolicySettings;
const settings: fc.Arbitrary<Make> = fc.oneof(
  fc.constantFrom('.', '_', '-', '--').map<Make>((separator) => () => ({
    kind: 'default',
    separator,
    internalSeparator: separator,
  })),
  fc
    .constantFrom('replica-{source}-{topic}', '{source}.{topic}', '{topic}.{source}', 'x_{topic}-of-{source}')
    .map<Make>((pattern) => (aliases) => ({
      kind: 'pattern',
      pattern,
      aliases: [...aliases],
      separator: '.',
      internalSeparator: '.',
    })),
);
const world = fc
  .tuple(fc.uniqueArray(alias, { minLength: 2, maxLength: 4 }), settings)
  .map(([aliases, make]) => ({ aliases, policy: policyFor(make(aliases)) }));

describe('every policy that renames', () => {
  test('leads a copy back to its source and its name there', () => {
    fc.assert(
      fc.property(world, topic, fc.nat(3), ({ aliases, policy }, name, at) => {
        const source = aliases[at % aliases.length] ?? '';
        fc.pre(/[a-zA-Z0-9]$/.test(name));
        const remote = policy.remoteTopic(source, name);

        expect([policy.topicSource(remote), policy.upstreamTopic(remote)]).toEqual([source, name]);
      }),
    );
  });

  test('names all clusters that a copy has passed through, nearest first, so that no loop goes unseen', () => {
    const hops = fc.array(fc.nat(3), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(world, fc.stringMatching(/^[A-Z]{1,8}$/), hops, ({ aliases, policy }, name, path) => {
        const sources = path.map((at) => aliases[at % aliases.length] ?? '');
        const remote = sources.reduce((copied, source) => policy.remoteTopic(source, copied), name);

        expect([...provenance(policy, remote)]).toEqual(sources.toReversed());
        expect(policy.originalTopic(remote)).toBe(name);
      }),
    );
  });
});
