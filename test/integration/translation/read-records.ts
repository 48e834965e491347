import type { Kafka } from 'kafkajs';
import { until } from '../../../local/region/until.ts';
import { identityNumber, RecordList, type TopicRecords } from './record-list.ts';

const READ_WITHIN_MS = 600_000;

export interface ReadRequest {
  readonly topic: string;
  readonly groupId: string;
  /** The last record of each partition, by its identity: there the reading ends. */
  readonly last: ReadonlyMap<number, number>;
  /** Whether records of open and aborted transactions are read, too. */
  readonly readUncommitted: boolean;
}

/** All records of a topic, by a client that is not ours. */
export async function readRecords(kafka: Kafka, { topic, groupId, last, readUncommitted }: ReadRequest) {
  const records = new Map([...last.keys()].map((partition) => [partition, new RecordList()]));
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 200 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, heartbeat }) => {
        const list = records.get(batch.partition);
        for (const message of batch.messages) list?.push(Number(message.offset), identityNumber(message));
        await heartbeat();
      },
    });
    const missing = () => [...last].filter(([partition, end]) => records.get(partition)?.identities.at(-1) !== end);
    await until(
      async () => missing().length === 0,
      READ_WITHIN_MS,
      () => new Error(`${topic}: partitions ${missing().map(([partition]) => partition)} were not read to their ends`),
    );
  } finally {
    await consumer.disconnect();
  }
  return records satisfies TopicRecords;
}

const FIRST_WITHIN_MS = 60_000;
/** Enough for one record. */
const LITTLE_BYTES = 4_096;

/**
 * What an application gets first in each partition when it starts with this group: a kafkajs consumer that begins at the
 * committed offset and, where there is none, at the beginning of the log (`auto.offset.reset=earliest`: nothing is skipped).
 *
 * @returns identities by partition
 */
export async function firstRecords(kafka: Kafka, groupId: string, topic: string, partitions: number) {
  const first = new Map<number, number>();
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, maxBytesPerPartition: LITTLE_BYTES });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        const [message] = messages;
        if (!message || first.has(partition)) return;
        first.set(partition, identityNumber(message));
        consumer.pause([{ topic, partitions: [partition] }]);
      },
    });
    await until(
      async () => first.size === partitions,
      FIRST_WITHIN_MS,
      () => new Error(`${groupId} got records of ${first.size} of ${partitions} partitions of ${topic}`),
    );
  } finally {
    await consumer.disconnect();
  }
  return first as ReadonlyMap<number, number>;
}
