import type { OffsetsOfGroups } from '../../../groups/committed-offsets.ts';
import type { GroupListing } from '../../../groups/group.ts';
import type {
  CommitOutcome,
  GroupCommitter,
  GroupReader,
  OffsetToCommit,
  PartitionLogReader,
  PartitionLogs,
} from '../../../groups/ports.ts';
import type { TopicPartition } from '../../../mm2/topic-partition.ts';
import type { KafkaCluster } from '../cluster.ts';
import { askCoordinators } from './ask-coordinators.ts';
import { GroupCoordinators } from './coordinators.ts';
import { listGroups } from './list-groups.ts';
import { offsetCommit } from './offset-commit.ts';
import { offsetFetch } from './offset-fetch.ts';
import { partitionLogs } from './partition-logs.ts';

export interface ConsumerGroupsOptions<O extends number> {
  /** Brands an offset with the side of the flow that the cluster is on: `sourceOffset` or `targetOffset`. */
  readonly toOffset: (value: number) => O;
  /** Bound on each call, retries included; default 10,000. */
  readonly timeoutMs?: number;
  /**
   * Further clients of the same cluster. A broker works on one request of a connection at a time, and takes some
   * milliseconds for a commit (`group.coordinator.append.linger.ms`): to set hundreds of groups, more connections.
   */
  readonly lanes?: readonly KafkaCluster[];
}

/**
 * The consumer groups of one cluster, of every protocol (share groups keep no offsets and are left out). Kept from one
 * invocation to the next, as the cluster is: it remembers who coordinates which group.
 */
export class ConsumerGroups<O extends number> implements GroupReader<O>, GroupCommitter, PartitionLogReader<O> {
  readonly #coordinators: GroupCoordinators;
  readonly #toOffset: (value: number) => O;
  readonly #timeoutMs: number;

  constructor(cluster: KafkaCluster, { toOffset, timeoutMs = 10_000, lanes = [] }: ConsumerGroupsOptions<O>) {
    this.#coordinators = new GroupCoordinators(cluster, lanes);
    this.#toOffset = toOffset;
    this.#timeoutMs = timeoutMs;
  }

  /** One request to each broker. @throws CausewayError when none answers or the right to list is missing */
  list(signal?: AbortSignal): Promise<GroupListing> {
    return listGroups(this.#coordinators.cluster, this.#end(signal));
  }

  /**
   * Offsets of up to 50 groups a request to each coordinator; one group a request from brokers before Kafka 3.0. An
   * offset that an open transaction may replace is asked for again, and untold when that outlasts the time-out.
   */
  committed(groups: readonly string[], signal?: AbortSignal): Promise<OffsetsOfGroups<O>> {
    return this.#ask(groups, offsetFetch(this.#toOffset), signal);
  }

  /**
   * One request a group, more where its offsets would not fit into one batch. Kafka has no compare-and-set for offsets:
   * a group that wakes, commits and goes idle again between a reading and a commit that rests on it may be set back.
   */
  commit(
    offsets: ReadonlyMap<string, readonly OffsetToCommit[]>,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly CommitOutcome[]>> {
    return this.#ask([...offsets.keys()], offsetCommit(offsets), signal);
  }

  /** Metadata and two requests to each leader. @throws CausewayError when no broker answers */
  logs(partitions: readonly TopicPartition[], signal?: AbortSignal): Promise<PartitionLogs<O>> {
    const options = { toOffset: this.#toOffset, signal: this.#end(signal) };
    return partitionLogs(this.#coordinators.cluster, partitions, options);
  }

  #end(signal: AbortSignal | undefined): AbortSignal {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }

  #ask<T>(groups: readonly string[], request: Parameters<typeof askCoordinators<T>>[2], signal?: AbortSignal) {
    return askCoordinators(this.#coordinators, groups, request, { timeoutMs: this.#timeoutMs, signal });
  }
}
