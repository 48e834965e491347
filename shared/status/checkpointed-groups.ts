import type { KafkaCluster } from '../adapters/kafka/cluster.ts';
import { readLog } from '../adapters/kafka/read-log.ts';
import { decodeCheckpointKey } from '../mm2/checkpoint.ts';
import { LatestCheckpoints } from '../mm2/latest-checkpoints.ts';
import type { LoggedRecord } from '../mm2/mirror-log.ts';
import { decodeBatches } from '../records/decode.ts';
import type { CheckpointedGroup } from './facts.ts';

const TIMEOUT_MS = 8_000;

/** A checkpoints topic that is read on: each reading begins where the one before ended. */
export class CheckpointsReader {
  readonly #cluster: () => Promise<KafkaCluster>;
  readonly #topic: string;
  readonly #read = new CheckpointedGroups();
  #next = 0;

  constructor(cluster: () => Promise<KafkaCluster>, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /**
   * What the topic says of each group last.
   * @throws CausewayError when it is not there, or cannot be read in time
   */
  async read(): Promise<readonly CheckpointedGroup[]> {
    const place = { topic: this.#topic, partition: 0, signal: AbortSignal.timeout(TIMEOUT_MS) };
    for await (const { log } of readLog(await this.#cluster(), place, this.#next))
      for (const { header, records } of decodeBatches(log)) {
        if (!header.control) this.#read.take(records.filter(({ offset }) => offset >= this.#next));
        this.#next = Math.max(this.#next, header.lastOffset + 1);
      }
    return this.#read.groups();
  }
}

/** The last checkpoints of each group, with the time of the newest. */
export class CheckpointedGroups {
  readonly #latest = new LatestCheckpoints();
  readonly #times = new Map<string, number>();

  /** @param records of a checkpoints topic, in their order; those that are no checkpoints are passed over */
  take(records: Iterable<LoggedRecord>): void {
    for (const record of records) {
      if (this.#latest.read(record) !== undefined) continue;
      const { group } = decodeCheckpointKey(record.key);
      this.#times.set(group, Math.max(this.#times.get(group) ?? 0, record.timestamp));
    }
  }

  groups(): readonly CheckpointedGroup[] {
    return [...this.#latest.groups()].map((group) => {
      return { group, at: this.#times.get(group) ?? 0, checkpoints: this.#latest.of(group) };
    });
  }
}
