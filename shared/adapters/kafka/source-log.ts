import type { SourceLog, SourcePartitionState } from '../../append/ports.ts';
import { type SourceOffset, sourceOffset } from '../../flow/offset.ts';
import { type DecodedRecord, decodeBatches } from '../../records/decode.ts';
import { isCommit } from '../../records/marker.ts';
import type { KafkaRecord } from '../../records/record.ts';
import { EARLIEST, LATEST } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { UnknownTopicError } from './errors.ts';
import { endOfLeaderEpoch, listOffset, type Place } from './log-ends.ts';
import { ONE_BATCH, readLog } from './read-log.ts';

export interface SourceLogOptions {
  readonly topic: string;
  readonly partition: number;
  /** Ends every call that is waiting, with KafkaDeadlineError. */
  readonly signal?: AbortSignal;
}

/** Facts about one partition of the source cluster. */
export class KafkaSourceLog implements SourceLog<KafkaRecord> {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  readonly #partition: number;
  readonly #signal: AbortSignal | undefined;

  constructor(cluster: KafkaCluster, options: SourceLogOptions) {
    this.#cluster = cluster;
    this.#topic = options.topic;
    this.#partition = options.partition;
    this.#signal = options.signal;
  }

  async state(): Promise<SourcePartitionState> {
    const { topicId, partitions } = await this.#cluster.topic(this.#topic, true, this.#signal);
    const partition = partitions.get(this.#partition);
    if (!partition) throw new UnknownTopicError(this.#cluster.alias, `partition ${this.#topic}-${this.#partition}`);
    return { topicId, leaderEpoch: partition.leaderEpoch };
  }

  /** The log's end when its leader has never heard of `leaderEpoch`: nothing written under it is left. */
  async endOfLeaderEpoch(leaderEpoch: number): Promise<SourceOffset> {
    return sourceOffset(await endOfLeaderEpoch(this.#cluster, this.#place, leaderEpoch));
  }

  async logStart(): Promise<SourceOffset> {
    return sourceOffset(await this.#listOffset(EARLIEST));
  }

  /** The high watermark: first offset that consumers cannot read yet. */
  async logEnd(): Promise<SourceOffset> {
    return sourceOffset(await this.#listOffset(LATEST));
  }

  async holds(records: readonly KafkaRecord[]): Promise<boolean> {
    const delivered = new Map(records.map((record) => [record.offset, record]));
    const offsets = [...delivered.keys()];
    const last = offsets.reduce((max, offset) => Math.max(max, offset), -1);
    const first = offsets.reduce((min, offset) => Math.min(min, offset), last);
    if (last >= (await this.logEnd())) return false;
    const maxBytes = first === last ? ONE_BATCH : undefined;
    for await (const { log } of readLog(this.#cluster, this.#place, Math.max(first, 0), maxBytes)) {
      for (const batch of decodeBatches(log)) {
        if (batch.header.baseOffset > last) return true;
        for (const found of batch.records) {
          const record = delivered.get(found.offset);
          if (record !== undefined && !isSame(record, found)) return false;
          if (found.offset >= last) return true;
        }
      }
    }
    return true;
  }

  /** Records of a transaction count unless its marker, the producer's next one in the log, says that it was aborted. */
  async hasRecords(from: SourceOffset, to: SourceOffset): Promise<boolean> {
    const undecided = new Set<bigint>();
    for await (const { log } of readLog(this.#cluster, this.#place, from)) {
      for (const { header, records } of decodeBatches(log)) {
        const { producerId } = header;
        if (header.control && undecided.delete(producerId) && isCommit(records[0])) return true;
        if (!header.control && records.some(({ offset }) => from <= offset && offset < to)) {
          if (!header.transactional) return true;
          undecided.add(producerId);
        }
        if (header.lastOffset + 1 >= to && undecided.size === 0) return false;
      }
    }
    return undecided.size > 0;
  }

  get #place(): Place {
    return { topic: this.#topic, partition: this.#partition, signal: this.#signal };
  }

  #listOffset(timestamp: bigint): Promise<number> {
    return listOffset(this.#cluster, this.#place, timestamp);
  }
}

function isSame(record: KafkaRecord, found: DecodedRecord): boolean {
  return (
    record.timestamp === found.timestamp &&
    (record.key ?? null) === (found.key?.toString('base64') ?? null) &&
    (record.value ?? null) === (found.value?.toString('base64') ?? null)
  );
}
