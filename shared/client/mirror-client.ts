import type { TargetOffset } from '../flow/offset.ts';
import { LatestCheckpoints } from '../mm2/latest-checkpoints.ts';
import type { TopicPartition } from '../mm2/topic-partition.ts';
import type { ReplicationPolicy } from '../policy/replication-policy.ts';
import { heartbeatPath } from './heartbeat-path.ts';
import type { MirrorCluster } from './mirror-cluster.ts';

/** Where a group of a remote cluster goes on reading a partition of the cluster that was asked. */
export interface RemoteConsumerOffset extends TopicPartition {
  readonly offset: TargetOffset;
  /** What the group committed along with its offset on the remote cluster; empty if nothing. */
  readonly metadata: string;
}

export interface RemoteConsumerOffsets {
  /** One a topic partition, by the names on the cluster that was asked. */
  readonly offsets: readonly RemoteConsumerOffset[];
  /** False when the time-out came first: then partitions may be missing, and offsets older than what is known. */
  readonly complete: boolean;
  /** Records of the checkpoints topic that are no checkpoints, each passed over. */
  readonly skipped: number;
}

/** No heartbeats of that cluster arrive. */
const UNREACHABLE = -1;

/**
 * What can be learned about replication from one cluster alone, with the methods and the answers of Java's
 * `org.apache.kafka.connect.mirror.MirrorClient` (Kafka 4.1).
 *
 * @example
 * const { offsets } = await client.remoteConsumerOffsets('billing', 'us-east', 30_000);
 * for (const { topic, partition, offset } of offsets) consumer.seek({ topic, partition, offset: String(offset) });
 */
export class MirrorClient {
  readonly #cluster: MirrorCluster;
  readonly #policy: ReplicationPolicy;

  constructor(cluster: MirrorCluster, policy: ReplicationPolicy) {
    this.#cluster = cluster;
    this.#policy = policy;
  }

  /** The policy that names are read by. */
  replicationPolicy(): ReplicationPolicy {
    return this.#policy;
  }

  /** The cluster's own heartbeats topic and all copies of others'. */
  async heartbeatTopics(): Promise<ReadonlySet<string>> {
    return this.#topics((topic) => this.#policy.isHeartbeats(topic));
  }

  async checkpointTopics(): Promise<ReadonlySet<string>> {
    return this.#topics((topic) => this.#policy.isCheckpoints(topic));
  }

  /** Aliases of all clusters whose heartbeats arrive here, directly or by way of others. */
  async upstreamClusters(): Promise<ReadonlySet<string>> {
    return new Set((await this.#heartbeatPaths()).flat());
  }

  /** How many flows lie between that cluster and this one, by the shortest way; -1 if none of its heartbeats arrive. */
  async replicationHops(upstreamCluster: string): Promise<number> {
    const places = (await this.#heartbeatPaths()).map((path) => path.indexOf(upstreamCluster));
    const hops = places.filter((place) => place >= 0).map((place) => place + 1);
    return hops.length === 0 ? UNREACHABLE : Math.min(...hops);
  }

  /**
   * Topics that are copies, going by their names.
   * @param source only those copied straight from the cluster of this alias
   */
  async remoteTopics(source?: string): Promise<ReadonlySet<string>> {
    return this.#topics((topic) => {
      if (this.#policy.isInternal(topic)) return false;
      const from = this.#policy.topicSource(topic);
      return from !== undefined && (source === undefined || from === source);
    });
  }

  /**
   * Where a consumer group of another cluster goes on here, by the checkpoints that the flow from there has written.
   * Not finding any is no error, and neither is the time-out. Of bytes that are no checkpoint, Java's client takes a
   * version other than 0 as if it were 0, and fails over null values; here the ones are skipped, and the others take
   * the checkpoint of their key away.
   */
  async remoteConsumerOffsets(
    consumerGroup: string,
    remoteCluster: string,
    timeoutMs: number,
  ): Promise<RemoteConsumerOffsets> {
    const topic = this.#policy.checkpointsTopic(remoteCluster);
    const { records, complete } = await this.#cluster.readCheckpoints(topic, timeoutMs);
    const latest = new LatestCheckpoints();
    const skipped = records.filter((record) => latest.read(record) !== undefined).length;
    const offsets = latest
      .of(consumerGroup)
      .map(({ topic, partition, downstreamOffset: offset, metadata }) => ({ topic, partition, offset, metadata }));
    return { offsets, complete, skipped };
  }

  close(): Promise<void> {
    return this.#cluster.close();
  }

  async #topics(wanted: (topic: string) => boolean): Promise<ReadonlySet<string>> {
    return new Set((await this.#cluster.listTopics()).filter(wanted));
  }

  async #heartbeatPaths(): Promise<readonly (readonly string[])[]> {
    return [...(await this.heartbeatTopics())].map((topic) => heartbeatPath(this.#policy, topic));
  }
}
