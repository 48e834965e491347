import type { Grant } from './grant.ts';
import { kafkaGrants } from './kafka-permissions.ts';
import type { FlowCluster } from './props.ts';

const EVERY_GROUP = 'Groups are chosen by patterns and made by applications at any time.';

/** The groups of the source and where they are. */
export function readGroups(source: FlowCluster): Grant[] {
  return kafkaGrants(source, {
    cluster: { actions: ['Connect', 'DescribeCluster'] },
    topic: { actions: ['DescribeTopic'], name: '*' },
    group: { actions: ['DescribeGroup'], name: '*', because: EVERY_GROUP },
  });
}

/** The groups of the target and where they are and, when offsets are committed, setting them: Kafka wants ReadData for that. */
export function carryGroupsOver(target: FlowCluster, remoteTopics: string, commits: boolean): Grant[] {
  return kafkaGrants(target, {
    cluster: { actions: ['Connect', 'DescribeCluster'] },
    topic: { actions: ['DescribeTopic', ...(commits ? ['ReadData'] : [])], name: remoteTopics },
    group: {
      actions: ['DescribeGroup', ...(commits ? ['AlterGroup'] : [])],
      name: '*',
      because: EVERY_GROUP,
    },
  });
}

/** One of MirrorMaker 2's own topics: made, written to and read. */
export function keepMirrorTopic(target: FlowCluster, topic: string): Grant[] {
  return kafkaGrants(target, {
    cluster: { actions: ['Connect'] },
    topic: { actions: ['CreateTopic', 'DescribeTopic', 'ReadData', 'WriteData'], name: topic },
  });
}

export function readTopic(cluster: FlowCluster, topic: string): Grant[] {
  return kafkaGrants(cluster, { topic: { actions: ['DescribeTopic', 'ReadData'], name: topic } });
}

/** How old the first record is that the target has not. */
export function readOldestRecords(source: FlowCluster): Grant[] {
  return kafkaGrants(source, { topic: { actions: ['DescribeTopic', 'ReadData'], name: '*' } });
}

/** Every record of these topics, and whether older ones of a key are removed. */
export function compareTopics(cluster: FlowCluster, topics: string): Grant[] {
  return kafkaGrants(cluster, {
    cluster: { actions: ['Connect'] },
    topic: { actions: ['DescribeTopic', 'DescribeTopicDynamicConfiguration', 'ReadData'], name: topics },
  });
}

/** Asking whether anybody is there, and where its topics end. */
export function watchTopics(cluster: FlowCluster): Grant[] {
  return kafkaGrants(cluster, { cluster: { actions: ['Connect'] }, topic: { actions: ['DescribeTopic'], name: '*' } });
}
