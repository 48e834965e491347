import kafkajs, { type KafkaConfig } from 'kafkajs';
import { defaultPolicy } from '../../policy/default-policy.ts';
import type { ReplicationPolicy } from '../../policy/replication-policy.ts';
import { MirrorClient } from '../mirror-client.ts';
import { RemoteClusterUtils } from '../remote-cluster-utils.ts';
import { KafkaJsConnection } from './connection.ts';
import { KafkaJsCluster } from './kafkajs-cluster.ts';

/** Which cluster to ask, and how. Java has both among its properties. */
export interface MirrorClientProperties {
  /** As for any kafkajs client; a `Kafka` that the application has will do as well. */
  readonly kafka: KafkaConfig | kafkajs.Kafka;
  /** As the flow has it; default `DefaultReplicationPolicy` with its separator `.`. */
  readonly policy?: ReplicationPolicy;
}

/**
 * A client of the cluster that applications go on with. Nothing is connected before the first question.
 *
 * @example
 * const client = openMirrorClient({ kafka: { brokers: ['b-1.west.example.com:9092'] } });
 * await client.upstreamClusters(); // Set { 'us-east' }
 */
export function openMirrorClient({ kafka, policy = defaultPolicy('.', '.') }: MirrorClientProperties): MirrorClient {
  return new MirrorClient(new KafkaJsCluster(connectionOf(kafka)), policy);
}

/** Not connected yet. What kafkajs would log of failures, an error says: it logs nothing unless `logLevel` asks it to. */
export function connectionOf(kafka: MirrorClientProperties['kafka']): KafkaJsConnection {
  return new KafkaJsConnection(
    'brokers' in kafka ? new kafkajs.Kafka({ logLevel: kafkajs.logLevel.NOTHING, ...kafka }) : kafka,
  );
}

/** Questions to clusters that nobody keeps a client for. */
export const remoteClusterUtils: RemoteClusterUtils<MirrorClientProperties> = new RemoteClusterUtils(
  async (properties) => openMirrorClient(properties),
);
