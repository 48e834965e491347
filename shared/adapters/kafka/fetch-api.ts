import { createAPI, type Reader, Writer } from '@platformatic/kafka';
import { type ApiVersions, CONSUMER_REPLICA, type READ_COMMITTED, type READ_UNCOMMITTED } from './apis.ts';

export interface FetchRequest {
  readonly topic: string;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly offset: number;
  readonly maxWaitMs: number;
  /** A batch larger than this comes whole all the same, if it is the first. */
  readonly maxBytes: number;
  readonly isolation: typeof READ_COMMITTED | typeof READ_UNCOMMITTED;
}

export interface FetchAnswer {
  /** Above 0 the broker may have left out the partition to keep to a quota. */
  readonly throttleTimeMs: number;
  /** undefined when the broker left it out */
  readonly partition: FetchedPartition | undefined;
}

export interface FetchedPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStart: number;
  /** Record batches as they are in the log, the last one possibly cut off. */
  readonly log: Buffer;
  /** Those that reach into `log`; where only what is committed was asked for. */
  readonly aborted: readonly AbortedTransaction[];
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  /** Of its first record; it ends with the producer's next abort marker. */
  readonly firstOffset: number;
}

const FETCH = 1;
const NO_SESSION = 0;
const FINAL_EPOCH = -1;

/**
 * Fetch of one partition's raw batches, aborted transactions included, without a session: up to the high watermark, or
 * up to the last stable offset where only what is committed is asked for.
 */
export const fetch: ApiVersions<[FetchRequest], FetchAnswer> = [
  createAPI<[FetchRequest], FetchAnswer>(FETCH, 12, createRequest, parseResponse),
];

function createRequest(request: FetchRequest): Writer {
  return Writer.create()
    .appendInt32(CONSUMER_REPLICA)
    .appendInt32(request.maxWaitMs)
    .appendInt32(1)
    .appendInt32(request.maxBytes)
    .appendInt8(request.isolation)
    .appendInt32(NO_SESSION)
    .appendInt32(FINAL_EPOCH)
    .appendArray([request], (topics, { topic }) => {
      topics.appendString(topic).appendArray([request], (partitions, { partition, leaderEpoch, offset, maxBytes }) => {
        partitions
          .appendInt32(partition)
          .appendInt32(leaderEpoch)
          .appendInt64(BigInt(offset))
          .appendInt32(-1)
          .appendInt64(-1n)
          .appendInt32(maxBytes);
      });
    })
    .appendArray([], () => {})
    .appendString('')
    .appendTaggedFields();
}

function parseResponse(_correlationId: number, _apiKey: number, _apiVersion: number, reader: Reader): FetchAnswer {
  const throttleTimeMs = reader.readInt32();
  const topLevelError = reader.readInt16();
  reader.readInt32();
  const topics = reader.readArray((topic) => {
    topic.readString();
    return topic.readArray(parsePartition);
  });
  const partition = topics[0]?.[0];
  return {
    throttleTimeMs,
    partition: partition && topLevelError !== 0 ? { ...partition, errorCode: topLevelError } : partition,
  };
}

function parsePartition(partition: Reader): FetchedPartition {
  partition.readInt32();
  const errorCode = partition.readInt16();
  const highWatermark = Number(partition.readInt64());
  partition.readInt64();
  const logStart = Number(partition.readInt64());
  const aborted = partition.readNullableArray((transaction) => {
    return { producerId: transaction.readInt64(), firstOffset: Number(transaction.readInt64()) };
  });
  partition.readInt32();
  const log = partition.readNullableBytes() ?? Buffer.alloc(0);
  return { errorCode, highWatermark, logStart, log, aborted: aborted ?? [] };
}
