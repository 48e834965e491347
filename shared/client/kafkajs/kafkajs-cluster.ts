import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { type Broker } from 'kafkajs';
import { z } from 'zod';
import { CausewayError } from '../../flow/errors.ts';
import type { LoggedRecord } from '../../mm2/mirror-log.ts';
import { CodecMissingError } from '../../records/errors.ts';
import { CheckpointsTopicMissingError, CheckpointsUnreadableError, ClusterUnavailableError } from '../errors.ts';
import type { CheckpointsRead, MirrorCluster } from '../mirror-cluster.ts';
import { offerCodecs } from './codecs.ts';
import type { KafkaJsConnection } from './connection.ts';
import { type Fetched, readFetched } from './fetched.ts';

const MAX_BYTES = 4 << 20;
const MOST_EMPTY_ANSWERS = 3;
/** How long a broker may wait for data after an answer without any; enough for tiered storage to be read. */
const WAIT_FOR_DATA_MS = 500;
/** Between two attempts, when a leader has moved or a quota holds the answer back. */
const PAUSE_MS = 100;
/** As Java's MirrorClient reads; its records are written without transactions, or with exactly-once Connect in them. */
const READ_UNCOMMITTED = 0;

/**
 * A cluster over kafkajs, with an application's own settings for it. It makes no topic, also where brokers would, and is
 * in no consumer group.
 */
export class KafkaJsCluster implements MirrorCluster {
  readonly #connection: KafkaJsConnection;

  constructor(connection: KafkaJsConnection) {
    this.#connection = connection;
  }

  /** @throws ClusterUnavailableError */
  async listTopics(): Promise<readonly string[]> {
    const topics = await told(
      this.#connection.topics(),
      (error) => new ClusterUnavailableError('the topics cannot be listed', error),
    );
    return topics.filter(({ isInternal }) => !isInternal).map(({ topic }) => topic);
  }

  /** @throws CheckpointsTopicMissingError, CheckpointsUnreadableError, ClusterUnavailableError */
  async readCheckpoints(topic: string, timeoutMs: number): Promise<CheckpointsRead> {
    offerCodecs();
    const end = new AbortController();
    const records: LoggedRecord[] = [];
    const reading = this.#readAll(topic, records, end.signal).then(() => true);
    // What comes after the time-out is nobody's business any more.
    const outOfTime = wait(timeoutMs, false, { signal: end.signal }).catch(() => false);
    try {
      const complete = await told(Promise.race([reading, outOfTime]), (error) => cannotRead(topic, error));
      return { records: [...records], complete };
    } finally {
      end.abort();
      reading.catch(() => {});
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #readAll(topic: string, records: LoggedRecord[], signal: AbortSignal): Promise<void> {
    let place: Place = { position: 0, empty: 0 };
    let end: number | undefined;
    let leader: Broker | undefined;
    while (!signal.aborted && (end === undefined || place.position < end)) {
      try {
        leader ??= await this.#leader(topic);
        const fetched = readFetched(await fetch(leader, topic, place), place.position);
        if (signal.aborted) return;
        if (fetched === undefined) {
          await wait(PAUSE_MS, undefined, { signal });
          continue;
        }
        end ??= fetched.highWatermark;
        records.push(...fetched.records);
        place = after(place, fetched);
      } catch (error) {
        if (offsetIsGone(error)) place = { position: await this.#startAfter(topic, place.position), empty: 0 };
        else if (!isPassing(error)) throw error;
        leader = undefined;
        await wait(PAUSE_MS, undefined, { signal });
      }
    }
  }

  /** The broker that leads partition 0. */
  async #leader(name: string): Promise<Broker> {
    const found = (await this.#connection.topics()).find(({ topic }) => topic === name);
    const partition = found?.partitionMetadata.find(({ partitionId }) => partitionId === 0);
    if (partition === undefined) throw new CheckpointsTopicMissingError(name);
    return (await this.#connection.cluster()).findBroker({ nodeId: String(partition.leader) });
  }

  /** Where the log begins; what was there before has been deleted, or compacted away with its segment. */
  async #startAfter(topic: string, position: number): Promise<number> {
    const cluster = await this.#connection.cluster();
    const partitions = [{ partition: 0 }];
    const [found] = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: true }]);
    return Math.max(position, z.coerce.number().int().parse(found?.partitions[0]?.offset));
  }
}

interface Place {
  readonly position: number;
  /** Answers without a message since the position was reached. */
  readonly empty: number;
}

/** A batch that compaction left empty brings no message, so that in the end there is no record at its position. */
function after({ position, empty }: Place, { next }: Fetched): Place {
  if (next > position) return { position: next, empty: 0 };
  return empty + 1 < MOST_EMPTY_ANSWERS ? { position, empty: empty + 1 } : { position: position + 1, empty: 0 };
}

function fetch(leader: Broker, topic: string, { position, empty }: Place): Promise<unknown> {
  const partitions = [{ partition: 0, fetchOffset: String(position), maxBytes: MAX_BYTES }];
  return leader.fetch({
    isolationLevel: READ_UNCOMMITTED,
    maxWaitTime: empty > 0 ? WAIT_FOR_DATA_MS : 0,
    maxBytes: MAX_BYTES,
    topics: [{ topic, partitions }],
  });
}

async function told<T>(answer: Promise<T>, errorOf: (error: unknown) => CausewayError): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof CausewayError && !(error instanceof CodecMissingError) ? error : errorOf(error);
  }
}

/** What is not kafkajs's own error comes of the bytes: a codec, or an answer of an unknown form. */
function cannotRead(topic: string, error: unknown): CausewayError {
  if (error instanceof kafkajs.KafkaJSError) return new ClusterUnavailableError(`${topic} cannot be read`, error);
  return new CheckpointsUnreadableError(topic, error);
}

function offsetIsGone(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSProtocolError && error.type === 'OFFSET_OUT_OF_RANGE';
}

/** A leader that moved, a connection that was lost. */
function isPassing(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSError && error.retriable;
}
