import { ClusterAdmin } from '../../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../../shared/adapters/kafka/cluster.ts';
import { deleteTopic } from '../../shared/adapters/kafka/delete-topic.ts';
import { createTopicAcls, deleteTopicAcls, describeTopicAcls } from '../../shared/adapters/kafka/topic-acls.ts';
import { alterTopics, describeTopics } from '../../shared/adapters/kafka/topic-configs.ts';
import { presenceOf } from '../../shared/adapters/kafka/topic-presence.ts';
import { describeTopicPartition, type TopicPartition } from '../../shared/mm2/topic-partition.ts';
import { type LaterStart, StartPosition } from '../../shared/reconcile/mapping.ts';
import type { SourceTopics, TargetTopics } from '../../shared/reconcile/ports.ts';
import type { ClusterTopic } from '../../shared/reconcile/topic.ts';

type Connect = () => Promise<KafkaCluster>;

export function sourceTopics(connect: Connect): SourceTopics {
  return {
    list: async () => listTopics(await connect()),
    describeConfigs: async (topics) => describeTopics(await connect(), topics),
    acls: async () => describeTopicAcls(await connect()),
    presence: async (topic) => presenceOf(await connect(), topic),
    offsetsAt: async (topic, partitions, start) =>
      offsetsAt(new ClusterAdmin(await connect()), topic, partitions, start),
  };
}

/** The end is asked for first: what is written in between is behind it. */
async function offsetsAt(
  admin: ClusterAdmin,
  topic: string,
  partitions: number,
  start: LaterStart,
): Promise<readonly number[]> {
  const places = placesOf(topic, partitions);
  const ends = await admin.logEnds(places);
  if (start === StartPosition.Latest) return inOrder(places, ends);
  return inOrder(places, new Map([...ends, ...(await admin.offsetsSince(places, start.atMs))]));
}

function inOrder(places: readonly TopicPartition[], offsets: ReadonlyMap<string, number>): readonly number[] {
  return places.map((place) => {
    const offset = offsets.get(describeTopicPartition(place));
    if (offset === undefined) throw new RangeError(`ListOffsets answer without ${describeTopicPartition(place)}`);
    return offset;
  });
}

export function targetTopics(connect: Connect): TargetTopics {
  const admin = async () => new ClusterAdmin(await connect());
  return {
    list: async () => listTopics(await connect()),
    create: async (topic) => {
      const { topicId, made } = await (await admin()).makeTopic(topic);
      return made ? topicId : undefined;
    },
    check: async (topic) => (await admin()).checkTopic(topic),
    grow: async (name, partitions) => (await admin()).createPartitions(name, partitions),
    logEnds: async (name) => logEnds(await admin(), name),
    remove: async (name, id) => deleteTopic(await connect(), name, id),
    isEmpty: async (name) => isEmpty(await admin(), name),
    describeConfigs: async (topics) => describeTopics(await connect(), topics),
    alterConfigs: async (changes) => alterTopics(await connect(), changes),
    acls: async () => describeTopicAcls(await connect()),
    createAcls: async (bindings) => createTopicAcls(await connect(), bindings),
    deleteAcls: async (bindings) => deleteTopicAcls(await connect(), bindings),
  };
}

async function listTopics(cluster: KafkaCluster): Promise<readonly ClusterTopic[]> {
  const topics = await new ClusterAdmin(cluster).listTopics();
  return topics.map(({ name, topicId, partitions, internal }) => ({ name, id: topicId, partitions, internal }));
}

async function isEmpty(admin: ClusterAdmin, topic: string): Promise<boolean> {
  const partitions = await partitionsOf(admin, topic);
  const [starts, ends] = await Promise.all([admin.logStarts(partitions), admin.logEnds(partitions)]);
  return [...ends].every(([partition, end]) => end === starts.get(partition));
}

async function logEnds(admin: ClusterAdmin, topic: string): Promise<number> {
  const ends = await admin.logEnds(await partitionsOf(admin, topic));
  return [...ends.values()].reduce((sum, end) => sum + end, 0);
}

async function partitionsOf(admin: ClusterAdmin, topic: string) {
  return placesOf(topic, await admin.partitionCount(topic));
}

function placesOf(topic: string, partitions: number): readonly TopicPartition[] {
  return Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
}
