import { createAPI, type Reader, Writer } from '@platformatic/kafka';
import { describeTopicPartition, type TopicPartition } from '../../mm2/topic-partition.ts';
import { type ApiVersions, CONSUMER_REPLICA, type READ_COMMITTED, type READ_UNCOMMITTED } from './apis.ts';

/** From where a partition is asked for, and how much of it. */
export interface FetchPlace extends TopicPartition {
  readonly leaderEpoch: number;
  readonly offset: number;
  /** A batch larger than this comes whole all the same, if it is the first of the answer. */
  readonly maxBytes: number;
}

interface HowToFetch {
  readonly maxWaitMs: number;
  readonly isolation: typeof READ_COMMITTED | typeof READ_UNCOMMITTED;
}

export interface FetchRequest extends FetchPlace, HowToFetch {}

export interface FetchEachRequest extends HowToFetch {
  /** None twice. */
  readonly places: readonly FetchPlace[];
}

export interface FetchAnswer {
  /** Above 0 the broker may have left out the partition to keep to a quota. */
  readonly throttleTimeMs: number;
  /** undefined when the broker left it out */
  readonly partition: FetchedPartition | undefined;
}

export interface FetchEachAnswer {
  readonly throttleTimeMs: number;
  /** By `topic-partition`. */
  readonly partitions: ReadonlyMap<string, FetchedPartition>;
}

export interface FetchedPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Last stable offset; -1 where the broker does not tell it. */
  readonly lastStable: number;
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
  createAPI<[FetchRequest], FetchAnswer>(
    FETCH,
    12,
    ({ maxWaitMs, isolation, ...place }) => createRequest({ maxWaitMs, isolation, places: [place] }),
    (correlationId, apiKey, apiVersion, reader) => {
      const { throttleTimeMs, partitions } = parseResponse(correlationId, apiKey, apiVersion, reader);
      return { throttleTimeMs, partition: [...partitions.values()][0] };
    },
  ),
];

/** The same of many partitions of one leader. Only the first of them comes whole where its batch is too large. */
export const fetchEach: ApiVersions<[FetchEachRequest], FetchEachAnswer> = [
  createAPI<[FetchEachRequest], FetchEachAnswer>(FETCH, 12, createRequest, parseResponse),
];

function createRequest({ maxWaitMs, isolation, places }: FetchEachRequest): Writer {
  const topics = [...Map.groupBy(places, ({ topic }) => topic)];
  return Writer.create()
    .appendInt32(CONSUMER_REPLICA)
    .appendInt32(maxWaitMs)
    .appendInt32(1)
    .appendInt32(places.reduce((sum, { maxBytes }) => sum + maxBytes, 0))
    .appendInt8(isolation)
    .appendInt32(NO_SESSION)
    .appendInt32(FINAL_EPOCH)
    .appendArray(topics, (request, [topic, ofTopic]) => {
      request.appendString(topic).appendArray(ofTopic, (each, { partition, leaderEpoch, offset, maxBytes }) => {
        each
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

function parseResponse(_correlationId: number, _apiKey: number, _apiVersion: number, reader: Reader): FetchEachAnswer {
  const throttleTimeMs = reader.readInt32();
  const topLevelError = reader.readInt16();
  reader.readInt32();
  const topics = reader.readArray((each) => {
    const topic = each.readString();
    return each.readArray((partition) => parsePartition(partition, topic, topLevelError));
  });
  return { throttleTimeMs, partitions: new Map(topics.flat()) };
}

function parsePartition(reader: Reader, topic: string, topLevelError: number): readonly [string, FetchedPartition] {
  const partition = reader.readInt32();
  const ownError = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  const lastStable = Number(reader.readInt64());
  const logStart = Number(reader.readInt64());
  const aborted = reader.readNullableArray((transaction) => {
    return { producerId: transaction.readInt64(), firstOffset: Number(transaction.readInt64()) };
  });
  reader.readInt32();
  const log = reader.readNullableBytes() ?? Buffer.alloc(0);
  const errorCode = topLevelError === 0 ? ownError : topLevelError;
  const fetched = { errorCode, highWatermark, lastStable, logStart, log, aborted: aborted ?? [] };
  return [describeTopicPartition({ topic, partition }), fetched];
}
