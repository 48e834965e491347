import type { Cluster, Kafka, PartitionAssigner } from 'kafkajs';
import { z } from 'zod';

/** kafkajs does not show `isInternal` in its types, and answers null when no broker did. */
const metadata = z.object({
  topicMetadata: z.array(
    z.object({
      topic: z.string(),
      isInternal: z.boolean(),
      partitionMetadata: z.array(z.object({ partitionId: z.number(), leader: z.number() })),
    }),
  ),
});

export type Topic = z.infer<typeof metadata>['topicMetadata'][number];

/**
 * The connections of a kafkajs client, made at the first call. Never makes a topic, is in no consumer group, and sees
 * records of open transactions.
 */
export class KafkaJsConnection {
  readonly #cluster: Cluster;
  #connected: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#cluster = captureCluster(kafka);
  }

  /** Connected, with the leaders of all topics as a broker tells them now. */
  async cluster(): Promise<Cluster> {
    await this.#connect();
    await this.#cluster.refreshMetadata();
    return this.#cluster;
  }

  /** As a broker tells it now. */
  async topics(): Promise<readonly Topic[]> {
    await this.#connect();
    return metadata.parse(await this.#cluster.metadata()).topicMetadata;
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
    this.#connected = undefined;
  }

  #connect(): Promise<void> {
    this.#connected ??= this.#cluster.connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }
}

/**
 * kafkajs hands its connections to partition assigners, which are made with their consumer; this consumer is never
 * started, so it joins no group, and needs no right to one.
 */
function captureCluster(kafka: Kafka): Cluster {
  const captured: Cluster[] = [];
  const assigner: PartitionAssigner = ({ cluster }) => {
    captured.push(cluster);
    return UNUSED;
  };
  kafka.consumer({
    groupId: 'causeway-client',
    allowAutoTopicCreation: false,
    readUncommitted: true,
    partitionAssigners: [assigner],
  });
  const [cluster] = captured;
  if (cluster === undefined) throw new TypeError('this kafkajs makes partition assigners later than version 2.2 does');
  return cluster;
}

const NOTHING = Buffer.alloc(0);
const UNUSED: ReturnType<PartitionAssigner> = {
  name: 'none',
  version: 0,
  assign: async () => [],
  protocol: () => ({ name: 'none', metadata: NOTHING }),
};
