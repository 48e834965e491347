import type { ClusterAdmin } from '../../shared/adapters/kafka/admin.ts';
import type { SourceTopics, TargetTopics } from '../../shared/reconcile/ports.ts';
import type { ClusterTopic } from '../../shared/reconcile/topic.ts';

type Connect = () => Promise<ClusterAdmin>;

export function sourceTopics(connect: Connect): SourceTopics {
  return { list: async () => listTopics(await connect()) };
}

export function targetTopics(connect: Connect): TargetTopics {
  return {
    list: async () => listTopics(await connect()),
    create: async (name, partitions, replicationFactor) => {
      await (await connect()).createTopic({ name, partitions, replicationFactor });
    },
    grow: async (name, partitions) => (await connect()).createPartitions(name, partitions),
    isEmpty: async (name) => isEmpty(await connect(), name),
  };
}

async function listTopics(admin: ClusterAdmin): Promise<readonly ClusterTopic[]> {
  const topics = await admin.listTopics();
  return topics.map(({ name, topicId, partitions, internal }) => ({ name, id: topicId, partitions, internal }));
}

async function isEmpty(admin: ClusterAdmin, topic: string): Promise<boolean> {
  const count = await admin.partitionCount(topic);
  const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const [starts, ends] = await Promise.all([admin.logStarts(partitions), admin.logEnds(partitions)]);
  return [...ends].every(([partition, end]) => end === starts.get(partition));
}
