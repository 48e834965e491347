import type { Admin, Kafka } from 'kafkajs';
import { identityOf, type ReadRecord } from '../../../local/demo/reader.ts';
import { until } from '../../../local/region/until.ts';

const READ_WITHIN_MS = 120_000;
/** Where a log may end with a marker, for whose record nobody can wait: long after everything there is was read. */
const SETTLED_AFTER_MS = 10_000;

/** By `topic-partition`, in the order of the log. */
export type Logs = ReadonlyMap<string, readonly ReadRecord[]>;

/**
 * Everything in the topics, uncommitted and aborted records too, read by a client that is not ours.
 *
 * @param ends record: every log ends with one; anything: after code that was broken on purpose
 */
export async function readLogs(
  kafka: Kafka,
  admin: Admin,
  topics: readonly string[],
  { groupId, ends: lastIs }: { readonly groupId: string; readonly ends: 'record' | 'anything' },
): Promise<Logs> {
  const ends = await endsOf(admin, topics);
  const logs = new Map<string, ReadRecord[]>([...ends.keys()].map((log) => [log, []]));
  const consumer = kafka.consumer({ groupId, readUncommitted: true, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        const read = messages.map((message) => ({ offset: Number(message.offset), identity: identityOf(message) }));
        logs.get(`${topic}-${partition}`)?.push(...read);
      },
    });
    const missing = () => [...ends].filter(([log, end]) => logs.get(log)?.at(-1)?.offset !== end - 1);
    const read = until(
      async () => missing().length === 0,
      lastIs === 'record' ? READ_WITHIN_MS : SETTLED_AFTER_MS,
      () => new Error(`not read to the end: ${missing().map(([log, end]) => `${log} (end ${end})`)}`),
    );
    await (lastIs === 'record' ? read : read.catch(() => {}));
  } finally {
    await consumer.disconnect();
  }
  return logs;
}

/** High watermarks of the logs that are not empty. */
async function endsOf(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await endsOfTopic(admin, topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic}-${partition}`, Number(high));
    }
  }
  return ends;
}

/** A broker that lags behind the controller does not know a new topic yet, which kafkajs does not wait out. */
async function endsOfTopic(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  let ends: Awaited<ReturnType<Admin['fetchTopicOffsets']>> = [];
  await until(
    async () => {
      ends = await admin.fetchTopicOffsets(topic);
      return true;
    },
    READ_WITHIN_MS,
    (last) => (last instanceof Error ? last : new Error(`${topic}: ${last}`)),
  );
  return ends;
}
