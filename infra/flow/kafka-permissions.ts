import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant } from './grant.ts';
import { Authentication, type FlowCluster, type ReplicationFlowProps } from './props.ts';

/** Consumer groups and transactional ids that Causeway uses begin with this. */
const OWN_NAMES = 'causeway*';

const WILDCARDS = {
  topic: 'Topics are chosen by patterns and made while the flow runs.',
  group: 'One consumer group a topic and generation, all under one prefix.',
  'transactional-id': 'One transactional id a partition and generation, all under one prefix.',
} as const;

type KafkaResource = 'cluster' | 'topic' | 'group' | 'transactional-id';

/** `arn:aws:kafka:<region>:<account>:cluster/<name>/<uuid>` as the ARN of a resource in that cluster. */
function kafkaArn(clusterArn: string, kind: KafkaResource, name?: string): string {
  const arn = clusterArn.replace(':cluster/', `:${kind}/`);
  return name === undefined ? arn : `${arn}/${name}`;
}

interface Allowed {
  readonly actions: readonly string[];
  readonly name?: string;
  /** Why the name is no narrower. @default the reason that holds for Causeway's own names */
  readonly because?: string;
}

/** Nothing unless the cluster is MSK's and wants IAM. */
export function kafkaGrants(cluster: FlowCluster, actions: Partial<Record<KafkaResource, Allowed>>): Grant[] {
  const { clusterArn } = cluster;
  if (clusterArn === undefined || cluster.authentication !== Authentication.Iam) return [];
  return (['cluster', 'topic', 'group', 'transactional-id'] as const).flatMap((kind) => {
    const allowed = actions[kind];
    if (allowed === undefined) return [];
    const statement = new PolicyStatement({
      actions: allowed.actions.map((action) => `kafka-cluster:${action}`),
      resources: [kafkaArn(clusterArn, kind, allowed.name)],
    });
    return { statement, ...(kind !== 'cluster' && { wildcardBecause: allowed.because ?? WILDCARDS[kind] }) };
  });
}

/** Lambda's pollers, who read the source under the role of `replicate`, and `replicate`'s own questions to it. */
export function readSource(source: FlowCluster): Grant[] {
  const { clusterArn } = source;
  const describe =
    clusterArn === undefined
      ? []
      : [
          {
            statement: new PolicyStatement({
              actions: [
                'kafka:DescribeCluster',
                'kafka:DescribeClusterV2',
                'kafka:GetBootstrapBrokers',
                ...(source.authentication === Authentication.Scram512 ? ['kafka:ListScramSecrets'] : []),
              ],
              resources: [clusterArn],
            }),
          },
        ];
  return [
    ...describe,
    ...kafkaGrants(source, {
      cluster: { actions: ['Connect', 'DescribeCluster'] },
      topic: { actions: ['DescribeTopic', 'DescribeTopicDynamicConfiguration', 'ReadData'], name: '*' },
      group: { actions: ['DescribeGroup', 'AlterGroup'], name: OWN_NAMES },
    }),
  ];
}

/** Idempotent producing, the take-over of a partition's producer id, and reading back what landed. */
export function appendToTarget(target: FlowCluster, remoteTopics: string): Grant[] {
  return kafkaGrants(target, {
    cluster: { actions: ['Connect', 'DescribeCluster', 'WriteDataIdempotently'] },
    topic: {
      actions: ['DescribeTopic', 'DescribeTopicDynamicConfiguration', 'ReadData', 'WriteData'],
      name: remoteTopics,
    },
    'transactional-id': { actions: ['DescribeTransactionalId', 'AlterTransactionalId'], name: OWN_NAMES },
  });
}

/** The one topic of the flow's offset syncs, made where it is not there. */
export function writeOffsetSyncs({ source, target, offsetSyncs }: ReplicationFlowProps): Grant[] {
  if (offsetSyncs === undefined) return [];
  const { cluster, topic: name } = offsetSyncs;
  return kafkaGrants(cluster === 'source' ? source : target, {
    topic: { actions: ['CreateTopic', 'DescribeTopic', 'WriteData'], name },
  });
}

/** Where topics begin that are not copied from their first record is committed for the groups of their mappings. */
export function listSourceTopics(source: FlowCluster): Grant[] {
  return kafkaGrants(source, {
    cluster: { actions: ['Connect', 'DescribeCluster'] },
    topic: { actions: ['DescribeTopic', 'DescribeTopicDynamicConfiguration', 'ReadData'], name: '*' },
    group: { actions: ['DescribeGroup', 'AlterGroup'], name: OWN_NAMES },
  });
}

/** @param may what the flow's configuration asks for beyond making topics and keeping their settings in step */
export function manageRemoteTopics(
  target: FlowCluster,
  remoteTopics: string,
  may: { readonly syncAcls: boolean; readonly deleteRemoteTopics: boolean },
): Grant[] {
  return kafkaGrants(target, {
    cluster: { actions: ['Connect', 'DescribeCluster', ...(may.syncAcls ? ['AlterCluster'] : [])] },
    topic: {
      actions: [
        'CreateTopic',
        'DescribeTopic',
        'AlterTopic',
        'DescribeTopicDynamicConfiguration',
        'AlterTopicDynamicConfiguration',
        ...(may.deleteRemoteTopics ? ['DeleteTopic'] : []),
      ],
      name: remoteTopics,
    },
  });
}
