import { ProtocolError } from '@platformatic/kafka';
import { batchHeaders } from '../../records/decode.ts';
import { READ_COMMITTED, READ_UNCOMMITTED } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { Backoff } from './deadline.ts';
import { KafkaDeadlineError, KafkaRequestError } from './errors.ts';
import { type FetchAnswer, type FetchedPartition, type FetchRequest, fetch } from './fetch-api.ts';
import { logBounds, type Place } from './log-ends.ts';
import { errorName } from './outcome.ts';
import { rights } from './rights.ts';

const MANY_BATCHES = 4 << 20;
/** For one record: brokers give the first batch whole, however large it is, and nothing beside it. */
export const ONE_BATCH = 1;
const MOST_EMPTY_ANSWERS = 3;
/** How long a broker may wait for data after an answer without any; enough for tiered storage to be read. */
const WAIT_FOR_DATA_MS = 500;
const OFFSET_OUT_OF_RANGE = 1;
/** A quota may hold back answers for long; the caller's signal usually ends it sooner. */
const THROTTLED_PATIENCE_MS = 60_000;

/**
 * A partition's raw batches from the one that holds `from` to the log's end, one fetch answer at a time. Starts at
 * the log's start where that is above `from`. Does not wait for records that are not there; the last answer, which may
 * be empty, tells the bounds of the log.
 * @param maxBytes of an answer; the first batch comes whole all the same
 * @param isolation whether the log ends at the last stable offset instead of the high watermark, and aborted transactions
 *   are named
 */
export async function* readLog(
  cluster: KafkaCluster,
  place: Place,
  from: number,
  maxBytes = MANY_BATCHES,
  isolation: FetchRequest['isolation'] = READ_UNCOMMITTED,
): AsyncGenerator<FetchedPartition> {
  const throttled = new Backoff(THROTTLED_PATIENCE_MS, place.signal);
  let position = from;
  for (let empty = 0; ; ) {
    const { partition, throttleTimeMs } = await fetchAt(cluster, place, {
      offset: position,
      maxWaitMs: empty > 0 ? WAIT_FOR_DATA_MS : 0,
      maxBytes,
      isolation,
    });
    if (partition === undefined || (throttleTimeMs > 0 && isHeldBack(partition, position, isolation))) {
      if (await throttled.pause(throttleTimeMs)) continue;
      throw new KafkaDeadlineError(cluster.alias, `Fetch of ${place.topic}-${place.partition}, held back by a quota`);
    }
    if (partition.errorCode === OFFSET_OUT_OF_RANGE) {
      const bounds = await logBounds(cluster, place);
      if (position < bounds.logStart) {
        position = bounds.logStart;
        continue;
      }
      yield { ...partition, ...bounds };
      return;
    }
    const before = position;
    for (const { lastOffset } of batchHeaders(partition.log)) position = Math.max(position, lastOffset + 1);
    yield partition;
    empty = position === before ? empty + 1 : 0;
    if (position >= endOf(partition, isolation) || empty >= MOST_EMPTY_ANSWERS) return;
  }
}

function isHeldBack(partition: FetchedPartition, position: number, isolation: FetchRequest['isolation']): boolean {
  return partition.errorCode === 0 && partition.log.length === 0 && position < endOf(partition, isolation);
}

function endOf({ highWatermark, lastStable }: FetchedPartition, isolation: FetchRequest['isolation']): number {
  return isolation === READ_COMMITTED && lastStable >= 0 ? lastStable : highWatermark;
}

async function fetchAt(
  cluster: KafkaCluster,
  place: Place,
  asked: Pick<FetchRequest, 'offset' | 'maxWaitMs' | 'maxBytes' | 'isolation'>,
): Promise<FetchAnswer> {
  const { topic, partition, signal } = place;
  return cluster.callLeader(topic, partition, {
    request: `Fetch of ${topic}-${partition} from offset ${asked.offset}`,
    subject: `partition ${topic}-${partition}`,
    needs: rights.readTopic(topic),
    signal,
    run: async (connection, leaderEpoch) => {
      const answer = await connection.call(fetch, { topic, partition, leaderEpoch, ...asked });
      const code = answer.partition?.errorCode ?? 0;
      if (code !== 0 && code !== OFFSET_OUT_OF_RANGE) throw fetchError(cluster, place, code);
      return answer;
    },
  });
}

function fetchError(cluster: KafkaCluster, { topic, partition }: Place, code: number): Error {
  const name = errorName(code);
  if (name !== undefined) return new ProtocolError(name);
  return new KafkaRequestError(cluster.alias, `Fetch of ${topic}-${partition}`, `error ${code}`, {
    reason: undefined,
    retriable: true,
  });
}
