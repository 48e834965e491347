import type { MirrorLog, MirrorLogReader, TimedRecord } from '../../../mm2/mirror-log.ts';
import { BatchEncoder } from '../../../records/batch.ts';
import type { Codec } from '../../../records/codec.ts';
import { decodeBatches } from '../../../records/decode.ts';
import { ClusterAdmin } from '../admin.ts';
import type { KafkaCluster } from '../cluster.ts';
import { KafkaAuthorizationError, UnknownTopicError } from '../errors.ts';
import { readLog } from '../read-log.ts';
import { appendTo } from './append-to.ts';

export interface MirrorTopicOptions {
  readonly topic: string;
  /** -1: the default of the brokers */
  readonly replicationFactor: number;
  readonly codec: Codec;
  /** Clients of the topic's cluster: the one that looks after topics, and the one that writes and reads. */
  readonly admin: () => Promise<KafkaCluster>;
  readonly data: () => Promise<KafkaCluster>;
}

const PARTITION = 0;
/** Where somebody else may make topics and this user may not ask about them. */
const UNSEEN = 'unseen';

/** One of MirrorMaker 2's own topics: of one partition and compacted, and made so when it is not there. */
export class MirrorTopic implements MirrorLog {
  readonly #options: MirrorTopicOptions;
  readonly #encoder: BatchEncoder;
  #topicId: string | undefined;
  /** Where the next reading begins. */
  #position = 0;
  #readTopicId: string | undefined;

  constructor(options: MirrorTopicOptions) {
    this.#options = options;
    this.#encoder = new BatchEncoder({ codec: options.codec });
  }

  async append(records: readonly TimedRecord[], signal: AbortSignal): Promise<void> {
    if (records.length === 0) return;
    const { topic, data } = this.#options;
    this.#topicId ??= await this.#present(signal);
    const place = { topic, partition: PARTITION, signal };
    try {
      await appendTo(await data(), place, records, this.#encoder);
    } catch (error) {
      if (!(error instanceof UnknownTopicError)) throw error;
      this.#topicId = await this.#present(signal);
      await appendTo(await data(), place, records, this.#encoder);
    }
  }

  async readOn({ anew, take }: MirrorLogReader, signal: AbortSignal): Promise<void> {
    const { topic, data } = this.#options;
    const topicId = await this.#present(signal);
    this.#topicId = topicId;
    if (this.#readTopicId !== undefined && this.#readTopicId !== topicId) this.#startAgain(anew);
    this.#readTopicId = topicId;
    const place = { topic, partition: PARTITION, signal };
    for await (const { log, highWatermark } of readLog(await data(), place, this.#position)) {
      if (highWatermark < this.#position) {
        this.#startAgain(anew);
        return this.readOn({ anew, take }, signal);
      }
      for (const { header, records } of decodeBatches(log)) {
        if (!header.control) for (const record of records) if (record.offset >= this.#position) take(record);
        this.#position = Math.max(this.#position, header.lastOffset + 1);
      }
    }
  }

  #startAgain(anew: () => void): void {
    this.#position = 0;
    anew();
  }

  /** The topic's id. Where this user may not make topics, whoever made it has to be trusted, as by MirrorMaker 2. */
  async #present(signal: AbortSignal): Promise<string> {
    const { topic, replicationFactor, admin } = this.#options;
    try {
      const cluster = await admin();
      try {
        return (await cluster.topic(topic, true, signal)).topicId;
      } catch (error) {
        if (!(error instanceof UnknownTopicError)) throw error;
      }
      const configs = { 'cleanup.policy': 'compact' };
      const partitions = PARTITION + 1;
      return await new ClusterAdmin(cluster, { signal }).createTopic({
        name: topic,
        partitions,
        replicationFactor,
        configs,
      });
    } catch (error) {
      if (error instanceof KafkaAuthorizationError) return UNSEEN;
      throw error;
    }
  }
}
