import type { Admin, ITopicConfig } from 'kafkajs';
import { until } from './until.ts';

const WITHIN_MS = 30_000;

/**
 * Makes topics, and waits until the leaders of all their partitions answer. A broker may be named as the leader before
 * it takes records: a producer that is not idempotent would send those of the other partitions again. kafkajs's own
 * waiting gives up when the broker that it asks has not heard of the topic yet.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const haveLeaders = async () =>
    (await admin.fetchTopicMetadata({ topics: names })).topics.every(({ partitions }) =>
      partitions.every(({ leader }) => leader >= 0),
    );
  const isTold = (last: unknown) => new Error(`no leaders for ${names.join(', ')}: ${last}`);
  await until(haveLeaders, WITHIN_MS, isTold);
  for (const name of names)
    await until(async () => (await admin.fetchTopicOffsets(name)).length > 0, WITHIN_MS, isTold);
}
