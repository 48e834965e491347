import { MultipleErrors, type metadataV11 } from '@platformatic/kafka';
import type { Broker } from './broker-connection.ts';

export type MetadataResponse = ReturnType<typeof metadataV11.parseResponse>;
type ClientTopic = MetadataResponse['topics'][number];

export interface PartitionMetadata {
  readonly partition: number;
  /** Broker id of the leader, -1 none at the moment. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSyncReplicas: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  /** As Kafka's tools print it: 22 characters of base64url. Another one: another topic of the same name. */
  readonly topicId: string;
  readonly internal: boolean;
  readonly partitions: ReadonlyMap<number, PartitionMetadata>;
}

export interface ClusterMetadata {
  readonly clusterId: string | undefined;
  readonly controller: number;
  readonly brokers: ReadonlyMap<number, Broker>;
  /** `broker.rack` by broker id, of brokers that have one: on MSK the availability zone. */
  readonly racks: ReadonlyMap<number, string>;
  /** Existing topics only. */
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** Kafka's error codes of the topics that were asked for and are not in `topics`. */
  readonly refused: ReadonlyMap<string, number>;
}

export function readMetadata(response: MetadataResponse): ClusterMetadata {
  const topics = new Map<string, TopicMetadata>();
  const refused = new Map<string, number>();
  for (const topic of response.topics) {
    const name = topic.name ?? '';
    if (topic.errorCode === 0) topics.set(name, readTopic(name, topic));
    else refused.set(name, topic.errorCode);
  }
  return {
    clusterId: response.clusterId ?? undefined,
    controller: response.controllerId,
    brokers: new Map(response.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
    racks: new Map(response.brokers.flatMap(({ nodeId, rack }) => (rack ? [[nodeId, rack] as const] : []))),
    topics,
    refused,
  };
}

function readTopic(name: string, topic: ClientTopic): TopicMetadata {
  return {
    name,
    topicId: topicIdOf(topic.topicId),
    internal: topic.isInternal,
    partitions: new Map(
      topic.partitions.map((each) => [
        each.partitionIndex,
        {
          partition: each.partitionIndex,
          leader: each.leaderId,
          leaderEpoch: each.leaderEpoch,
          replicas: each.replicaNodes,
          inSyncReplicas: each.isrNodes,
        },
      ]),
    ),
  };
}

/** The client's hyphenated hexadecimal form as Kafka prints it. */
export function topicIdOf(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The other way round: the form that the client's requests take. */
export function uuidOf(topicId: string): string {
  const hex = Buffer.from(topicId, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The client throws when any topic has an error; the answer for the others comes with it. */
export function withoutPerTopicErrors(error: unknown): MetadataResponse {
  const response: unknown = error instanceof MultipleErrors ? Reflect.get(error, 'response') : undefined;
  if (isMetadataResponse(response)) return response;
  throw error;
}

function isMetadataResponse(value: unknown): value is MetadataResponse {
  return typeof value === 'object' && value !== null && 'topics' in value && 'brokers' in value;
}
