import type { CheckpointsRead, MirrorCluster } from '../../../shared/client/mirror-cluster.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import type { TimedRecord } from '../../../shared/mm2/mirror-log.ts';

/** A cluster of names and of records, which keeps what it was asked. */
export class NamedTopics implements MirrorCluster {
  readonly #topics: readonly string[];
  readonly #read: CheckpointsRead;
  readonly asked: (readonly [topic: string, timeoutMs: number])[] = [];
  closed = 0;

  constructor(topics: readonly string[], read: CheckpointsRead = { records: [], complete: true }) {
    this.#topics = topics;
    this.#read = read;
  }

  async listTopics() {
    return this.#topics;
  }

  async readCheckpoints(topic: string, timeoutMs: number) {
    this.asked.push([topic, timeoutMs]);
    return this.#read;
  }

  async close() {
    this.closed++;
  }
}

export function checkpoint(group: string, partition: number, downstream: number, metadata = ''): TimedRecord {
  const record = encodeCheckpoint({
    group,
    topic: 'us-east.orders',
    partition,
    upstreamOffset: sourceOffset(downstream + 1000),
    downstreamOffset: targetOffset(downstream),
    metadata,
  });
  return { ...record, timestamp: 1_700_000_000_000 };
}
