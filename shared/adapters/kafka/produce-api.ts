import { type API, createAPI, type Reader, Writer } from '@platformatic/kafka';
import type { ApiVersions } from './apis.ts';

/** One finished record batch for one partition. */
export interface ProduceRequest {
  readonly topic: string;
  readonly partition: number;
  /** Taken when the request is put together, at once if the connection has nothing to wait for. */
  readonly batch: () => Buffer;
  /** How long the broker waits for its followers before it answers REQUEST_TIMED_OUT. */
  readonly timeoutMs: number;
}

export interface ProduceAnswer {
  /** 0 none */
  readonly errorCode: number;
  /** Offset of the batch's first record; -1 unless it was appended. */
  readonly baseOffset: number;
  readonly errorMessage: string | null;
}

const PRODUCE = 0;
const ALL_IN_SYNC_REPLICAS = -1;

/** Produce with acks=all, outside any transaction. Versions 10 and 11 add only tagged fields to 9. */
export const produce: ApiVersions<[ProduceRequest], ProduceAnswer> = [version(11), version(10), version(9)];

function version(number: number): API<[ProduceRequest], ProduceAnswer> {
  return createAPI<[ProduceRequest], ProduceAnswer>(PRODUCE, number, createRequest, parseResponse);
}

function createRequest({ topic, partition, batch, timeoutMs }: ProduceRequest): Writer {
  const records = batch();
  return Writer.create()
    .appendString(null)
    .appendInt16(ALL_IN_SYNC_REPLICAS)
    .appendInt32(timeoutMs)
    .appendArray([topic], (topics, name) => {
      topics.appendString(name).appendArray([partition], (partitions, index) => {
        partitions
          .appendInt32(index)
          .appendUnsignedVarInt(records.length + 1)
          .append(records);
      });
    })
    .appendTaggedFields();
}

function parseResponse(_correlationId: number, _apiKey: number, _apiVersion: number, reader: Reader): ProduceAnswer {
  const topics = reader.readArray((topic) => {
    topic.readString();
    return topic.readArray((partition) => {
      partition.readInt32();
      const errorCode = partition.readInt16();
      const baseOffset = Number(partition.readInt64());
      partition.readInt64();
      partition.readInt64();
      partition.readArray((recordError) => {
        recordError.readInt32();
        recordError.readNullableString();
      });
      return { errorCode, baseOffset, errorMessage: partition.readNullableString() };
    });
  });
  const answer = topics[0]?.[0];
  if (answer === undefined) throw new RangeError('produce response without a partition');
  return answer;
}
