import type { Admin, ITopicConfig } from 'kafkajs';
import { until } from './until.ts';

const WITHIN_MS = 30_000;

/**
 * Makes topics, and waits until all of their partitions have leaders: kafkajs's own waiting gives up when the broker
 * that it asks has not heard of the topic yet.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const haveLeaders = async () =>
    (await admin.fetchTopicMetadata({ topics: names })).topics.every(({ partitions }) =>
      partitions.every(({ leader }) => leader >= 0),
    );
  await until(haveLeaders, WITHIN_MS, (last) => new Error(`no leaders for ${names.join(', ')}: ${last}`));
}
