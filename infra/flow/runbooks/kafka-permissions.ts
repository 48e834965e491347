import type { Grant } from '../grant.ts';
import { appendToTarget, kafkaGrants } from '../kafka-permissions.ts';
import { readTopic } from '../kafka-permissions-beside-target.ts';
import { checkpointsTopicOf, heartbeatsCopyOf } from '../mirror-topics.ts';
import type { FlowCluster, ReplicationFlowProps } from '../props.ts';

/** As the adapter names it, which would bring a Kafka client into every synthesis. */
export const CANARY_TOPIC = 'causeway-canary.internal';
/** Groups of drills, which a drill deletes again. */
const SHADOW_GROUPS = 'causeway-drill-*';

const EVERY_GROUP = 'Groups are chosen by patterns and made by applications at any time.';
const EVERY_TOPIC = 'Topics are chosen by patterns; their ends, their producers and what a drill compares are read.';
const EVERY_ID = 'A producer that goes on writing is told by its transactional id, whatever that is.';

/** Of the function that has all stages, on both clusters. */
export function moveApplications(props: ReplicationFlowProps): Grant[] {
  const { source, target, remoteTopics = '*', reverse, runbooks = {} } = props;
  return [
    ...lookAtAll(source),
    ...lookAtAll(target),
    ...canary(source),
    ...canary(target),
    ...setGroups(target),
    ...kafkaGrants(target, {
      group: { actions: ['DeleteGroup'], name: SHADOW_GROUPS, because: 'A drill has one a group.' },
    }),
    ...readTopic(target, checkpointsTopicOf(props)),
    ...readTopic(target, heartbeatsCopyOf(props)),
    // Taking every partition over, so that nothing late is appended.
    ...appendToTarget(target, remoteTopics),
    ...(reverse === undefined ? [] : [...setGroups(source), ...appendToTarget(source, reverse.remoteTopics ?? '*')]),
    ...(runbooks.fenceByAcls ? [source, ...(reverse === undefined ? [] : [target])].flatMap(alterAcls) : []),
  ];
}

function lookAtAll(cluster: FlowCluster): Grant[] {
  return kafkaGrants(cluster, {
    cluster: { actions: ['Connect', 'DescribeCluster'] },
    topic: { actions: ['DescribeTopic', 'ReadData'], name: '*', because: EVERY_TOPIC },
    group: { actions: ['DescribeGroup'], name: '*', because: EVERY_GROUP },
    'transactional-id': { actions: ['DescribeTransactionalId'], name: '*', because: EVERY_ID },
  });
}

function setGroups(cluster: FlowCluster): Grant[] {
  return kafkaGrants(cluster, { group: { actions: ['AlterGroup'], name: '*', because: EVERY_GROUP } });
}

function canary(cluster: FlowCluster): Grant[] {
  return kafkaGrants(cluster, {
    topic: { actions: ['CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'], name: CANARY_TOPIC },
  });
}

function alterAcls(cluster: FlowCluster): Grant[] {
  return kafkaGrants(cluster, { cluster: { actions: ['AlterCluster'] } });
}
