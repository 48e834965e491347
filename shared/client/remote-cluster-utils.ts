import type { MirrorClient, RemoteConsumerOffsets } from './mirror-client.ts';

/**
 * Questions to a cluster that nobody keeps a client for: each opens one, asks it and closes it. The methods are those of
 * Java's `org.apache.kafka.connect.mirror.RemoteClusterUtils` (Kafka 4.1).
 */
export class RemoteClusterUtils<Properties> {
  readonly #open: (properties: Properties) => Promise<MirrorClient>;

  constructor(open: (properties: Properties) => Promise<MirrorClient>) {
    this.#open = open;
  }

  /** See {@link MirrorClient.replicationHops}. */
  replicationHops(properties: Properties, upstreamCluster: string): Promise<number> {
    return this.#ask(properties, (client) => client.replicationHops(upstreamCluster));
  }

  /** See {@link MirrorClient.heartbeatTopics}. */
  heartbeatTopics(properties: Properties): Promise<ReadonlySet<string>> {
    return this.#ask(properties, (client) => client.heartbeatTopics());
  }

  /** See {@link MirrorClient.checkpointTopics}. */
  checkpointTopics(properties: Properties): Promise<ReadonlySet<string>> {
    return this.#ask(properties, (client) => client.checkpointTopics());
  }

  /** See {@link MirrorClient.upstreamClusters}. */
  upstreamClusters(properties: Properties): Promise<ReadonlySet<string>> {
    return this.#ask(properties, (client) => client.upstreamClusters());
  }

  /** See {@link MirrorClient.remoteConsumerOffsets}; note that Java has the cluster before the group here. */
  translateOffsets(
    properties: Properties,
    remoteCluster: string,
    consumerGroup: string,
    timeoutMs: number,
  ): Promise<RemoteConsumerOffsets> {
    return this.#ask(properties, (client) => client.remoteConsumerOffsets(consumerGroup, remoteCluster, timeoutMs));
  }

  async #ask<T>(properties: Properties, question: (client: MirrorClient) => Promise<T>): Promise<T> {
    const client = await this.#open(properties);
    try {
      return await question(client);
    } finally {
      await client.close();
    }
  }
}
