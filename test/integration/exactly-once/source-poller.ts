import type { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { readLog } from '../../../shared/adapters/kafka/read-log.ts';
import { type DecodedBatch, decodeBatches } from '../../../shared/records/decode.ts';
import type { KafkaRecord, RecordHeader } from '../../../shared/records/record.ts';

const COMMIT_MARKER = 1;

/** Reads a source partition as Lambda's poller does: committed records only, up to the last stable offset. */
export class SourcePoller {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  readonly #partition: number;

  constructor(cluster: KafkaCluster, topic: string, partition: number) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#partition = partition;
  }

  /** Committed records at or after `from`. */
  async read(from: number): Promise<KafkaRecord[]> {
    const place = { topic: this.#topic, partition: this.#partition, signal: undefined };
    const batches: DecodedBatch[] = [];
    let first = from;
    for await (const { log, logStart } of readLog(this.#cluster, place, 0)) {
      batches.push(...decodeBatches(log));
      // A batch that was deleted in part still comes whole.
      first = Math.max(from, logStart);
    }
    return committedOf(batches)
      .filter(({ offset }) => offset >= first)
      .map((record) => this.#delivered(record));
  }

  #delivered({ offset, timestamp, key, value, headers }: DecodedBatch['records'][number]): KafkaRecord {
    return {
      topic: this.#topic,
      partition: this.#partition,
      offset,
      timestamp,
      timestampType: 'CREATE_TIME',
      key: key?.toString('base64') ?? null,
      value: value?.toString('base64') ?? null,
      headers: headers.map(([name, bytes]): RecordHeader => ({ [name]: bytes && [...Int8Array.from(bytes)] })),
    };
  }
}

/** Takes the whole log: whether a transaction was aborted is told by the marker behind it. */
function committedOf(batches: readonly DecodedBatch[]): DecodedBatch['records'][number][] {
  const open = new Map<bigint, DecodedBatch[]>();
  const committed: DecodedBatch[] = [];
  for (const batch of batches) {
    const { control, transactional, producerId } = batch.header;
    if (control) {
      if (isCommit(batch)) committed.push(...(open.get(producerId) ?? []));
      open.delete(producerId);
    } else if (transactional) open.set(producerId, [...(open.get(producerId) ?? []), batch]);
    else committed.push(batch);
  }
  const lastStable = Math.min(...[...open.values()].flat().map(({ header }) => header.baseOffset));
  return committed
    .flatMap(({ records }) => records)
    .filter(({ offset }) => offset < lastStable)
    .sort((a, b) => a.offset - b.offset);
}

/** A marker's key: int16 version, int16 type. */
function isCommit({ records }: DecodedBatch): boolean {
  return records[0]?.key?.readInt16BE(2) === COMMIT_MARKER;
}
