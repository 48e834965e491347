import { apis } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { UnknownTopicError } from './errors.ts';
import { uuidOf } from './metadata.ts';
import { rights } from './rights.ts';

/** The broker answers once its controller has noted the deletion, or after so long. */
const CHANGE_TIMEOUT_MS = 8_000;

/**
 * Deletes the incarnation of `topic` with this id and no other, and waits until the cluster no longer shows it. One that
 * has gone is no error.
 */
export async function deleteTopic(
  cluster: KafkaCluster,
  topic: string,
  topicId: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await cluster.call({
      request: `DeleteTopics of ${topic}`,
      subject: `topic ${topic}`,
      needs: rights.deleteTopic(topic),
      signal,
      to: async () => (await cluster.metadata([topic], signal)).controller,
      run: (connection) =>
        connection.call(apis.deleteTopics, [{ name: null, topicId: uuidOf(topicId) }], CHANGE_TIMEOUT_MS),
    });
  } catch (error) {
    if (!(error instanceof UnknownTopicError)) throw error;
  }
  await cluster.waitFor(`Metadata of topic ${topic}`, signal, async () => {
    const { topics } = await cluster.metadata([topic], signal);
    return topics.get(topic)?.topicId === topicId ? undefined : true;
  });
}
