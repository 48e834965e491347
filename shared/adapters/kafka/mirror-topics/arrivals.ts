import { ProtocolError } from '@platformatic/kafka';
import type { LoggedRecord } from '../../../mm2/mirror-log.ts';
import { decodeBatches } from '../../../records/decode.ts';
import { READ_UNCOMMITTED } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { fetch } from '../fetch-api.ts';
import { logBounds } from '../log-ends.ts';
import { errorName } from '../outcome.ts';
import { rights } from '../rights.ts';

const PARTITION = 0;
const MAX_BYTES = 1 << 20;
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Records as they arrive in partition 0 of a topic, the newest of those that are there already first. Asks over
 * connections that wait with it: the cluster is to be a client of its own.
 */
export class Arrivals {
  readonly #connect: () => Promise<KafkaCluster>;
  readonly #topic: string;
  #position: number | undefined;

  /** @param connect a client that nobody else uses */
  constructor(connect: () => Promise<KafkaCluster>, topic: string) {
    this.#connect = connect;
    this.#topic = topic;
  }

  /**
   * What has arrived since the last call; waits for something when there is nothing.
   * @param waitMs how long at most
   * @param backlog records that the first call brings of those that are there
   * @throws UnknownTopicError while there is no such topic; any other CausewayError
   */
  async next(waitMs: number, backlog: number, signal: AbortSignal): Promise<readonly LoggedRecord[]> {
    const cluster = await this.#connect();
    const [topic, partition] = [this.#topic, PARTITION];
    this.#position ??= await this.#nearEnd(cluster, backlog, signal);
    const offset = this.#position;
    const fetched = await cluster.callLeader(topic, partition, {
      request: `Fetch of ${topic}-${partition} from offset ${offset}`,
      subject: `partition ${topic}-${partition}`,
      needs: rights.readTopic(topic),
      signal,
      run: async (connection, leaderEpoch) => {
        const asked = { topic, partition, leaderEpoch, offset, maxWaitMs: waitMs, maxBytes: MAX_BYTES };
        const isolation = READ_UNCOMMITTED;
        const { partition: found } = await connection.call(fetch, { ...asked, isolation });
        const name = found && found.errorCode !== OFFSET_OUT_OF_RANGE ? errorName(found.errorCode) : undefined;
        if (found && found.errorCode !== 0 && name !== undefined) throw new ProtocolError(name);
        return found;
      },
    });
    if (fetched === undefined) return [];
    if (fetched.errorCode !== 0) {
      // Made anew, or cut: where it ends is found out again.
      this.#position = undefined;
      return [];
    }
    const records: LoggedRecord[] = [];
    for (const batch of decodeBatches(fetched.log)) {
      if (!batch.header.control) records.push(...batch.records.filter((each) => each.offset >= offset));
      this.#position = Math.max(this.#position, batch.header.lastOffset + 1);
    }
    return records;
  }

  async #nearEnd(cluster: KafkaCluster, backlog: number, signal: AbortSignal): Promise<number> {
    const place = { topic: this.#topic, partition: PARTITION, signal };
    const { logStart, highWatermark } = await logBounds(cluster, place);
    return Math.max(logStart, highWatermark - backlog);
  }
}
