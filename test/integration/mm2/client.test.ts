import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MirrorClient } from '../../../shared/client/mirror-client.ts';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { identityPolicy } from '../../../shared/policy/identity-policy.ts';
import { NamedTopics } from '../../unit/client/topics.ts';
import { mirrorMakerForTests } from './mirror-maker.ts';
import { sample } from './sample.ts';

const CLUSTERS = 1000;
const ALIASES = ['A', 'B', 'us-east', 'mm2', 'orders', 'heartbeats', ''];

const mirrorMaker = mirrorMakerForTests();

/** Names that are nearly those of replicated, internal and heartbeats topics, with any depth, cycles and separators. */
const topic = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...ALIASES) },
      { weight: 3, arbitrary: fc.constantFrom('.', '_', '-', '__') },
      { weight: 3, arbitrary: fc.constantFrom('heartbeats', '.heartbeats', '__heartbeats', 'my-heartbeats') },
      fc.constantFrom('.checkpoints.internal', '_checkpoints_internal', '.internal', 'mm2-offset-syncs.A.internal'),
      fc.constantFrom('A.B.', 'A.A.', 'B__A__', 'A.B.A.'),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) => pieces.join(''));

interface Cluster {
  readonly identity: boolean;
  readonly source: string | undefined;
  readonly separator: string;
  /** Whether internal topics use it too: `replication.policy.internal.topic.separator.enabled`. */
  readonly separatorForInternal: boolean | undefined;
  readonly topics: readonly string[];
}

const anyCluster: fc.Arbitrary<Cluster> = fc.record({
  identity: fc.boolean(),
  source: fc.option(fc.constantFrom('A', 'us-east'), { nil: undefined }),
  separator: fc.constantFrom('.', '_', '-', '__'),
  separatorForInternal: fc.option(fc.boolean(), { nil: undefined }),
  topics: fc.uniqueArray(topic, { maxLength: 12 }),
});

test('a MirrorClient gives the answers of Java', async () => {
  const clusters = sample(anyCluster, CLUSTERS);

  const theirs = await mirrorMaker.ask(
    'client',
    clusters.map(({ identity, source, separator, separatorForInternal, topics }) => ({
      identity,
      topics,
      aliases: ALIASES,
      properties: {
        'replication.policy.separator': separator,
        'source.cluster.alias': source,
        'replication.policy.internal.topic.separator.enabled': separatorForInternal?.toString(),
      },
    })),
  );

  const ours = await Promise.all(clusters.map(answersOf));
  expect(ours).toEqual(theirs.map(sorted));
  expect(ours.filter(({ upstreamClusters }) => upstreamClusters.length > 2).length).toBeGreaterThan(CLUSTERS / 50);
});

async function answersOf({ identity, source, separator, separatorForInternal, topics }: Cluster) {
  const internalSeparator = separatorForInternal === false ? '.' : separator;
  const policy = identity
    ? identityPolicy(source, separator, internalSeparator)
    : defaultPolicy(separator, internalSeparator);
  const client = new MirrorClient(new NamedTopics(topics), policy);
  const list = async (names: Promise<ReadonlySet<string>>) => [...(await names)].sort();
  const of = ALIASES.map(async (alias) => {
    const replicationHops = await client.replicationHops(alias);
    return [alias, { replicationHops, remoteTopics: await list(client.remoteTopics(alias)) }] as const;
  });
  return {
    heartbeatTopics: await list(client.heartbeatTopics()),
    checkpointTopics: await list(client.checkpointTopics()),
    upstreamClusters: await list(client.upstreamClusters()),
    remoteTopics: await list(client.remoteTopics()),
    of: Object.fromEntries(await Promise.all(of)),
  };
}

/** Java's sets have no order. */
function sorted(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.toSorted();
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, sorted(value)]));
}
