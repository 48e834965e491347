import { decodeHeartbeat, type Heartbeat } from '../mm2/heartbeat.ts';
import type { LoggedRecord } from '../mm2/mirror-log.ts';
import { decodeEach } from '../mm2/record.ts';

/** What a cluster's copy of another one's heartbeats tells of the way between them. */
export class ArrivedHeartbeats {
  #newestAt: number | undefined;
  #foreign = 0;

  /** Time of the newest one, ms since the epoch; undefined before the first. */
  get newestAt(): number | undefined {
    return this.#newestAt;
  }

  /** Records that are no heartbeats and were passed over. */
  get foreign(): number {
    return this.#foreign;
  }

  /**
   * @param arrivedAt when they could be read, ms since the epoch; undefined when nobody was waiting for them
   * @returns how long each was on its way, ms, by two clocks: a little below zero where the writer's is ahead
   */
  take(records: readonly LoggedRecord[], arrivedAt: number | undefined): readonly number[] {
    const latencies: number[] = [];
    const foreign = () => {
      this.#foreign++;
    };
    for (const { timestamp } of decodeEach<LoggedRecord, Heartbeat>(records, decodeHeartbeat, foreign)) {
      if (this.#newestAt === undefined || timestamp > this.#newestAt) this.#newestAt = timestamp;
      if (arrivedAt !== undefined) latencies.push(arrivedAt - timestamp);
    }
    return latencies;
  }
}
