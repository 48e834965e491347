import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../infra/flow/names.ts';
import { awsEnvironment, type ClusterAddress, type RegionsAddress } from '../local/region/addresses.ts';
import { until } from '../local/region/until.ts';
import { DynamoDbOffsetMap } from '../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import { sourceOffset, targetOffset } from '../shared/flow/offset.ts';
import { TopicState } from '../shared/ledger/topic-registry.ts';
import type { Producer } from '../shared/offsets/head.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { codecs } from '../shared/records/codec.ts';
import type { KafkaRecord } from '../shared/records/record.ts';
import { createTable, head, run } from '../test/integration/dynamodb/table.ts';
import { clusterAt, flowLines, pairIn, writeFlowFile } from './pair.ts';

/** One partition for each. */
export const FAULTS = ['changed', 'missing', 'extra', 'reordered'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Planted {
  readonly fault: Fault;
  readonly partition: number;
  /** Of the record that is not as it should be. */
  readonly source: number;
}

export interface VerifyScale {
  readonly records: number;
  readonly valueBytes: number;
  readonly seed: number;
}

const MOST_IN_A_BATCH = 2_000;
/** Of a batch, as far as records are not larger: a broker takes 1 MB. */
const BATCH_BYTES = 500_000;
/** Values begin somewhere in it. */
const RANDOM_BYTES = 65_536;
const WRITTEN_WITHIN_MS = 30_000;
/** So that there are windows of an hour in each partition. */
const MS_BETWEEN_RECORDS = 10;

/** A topic on both clusters, the same but for what was planted, and an offset map that knows nothing of it. */
export class VerifyScene {
  readonly #source: ClusterAddress;
  readonly #target: ClusterAddress;
  readonly #awsEndpoint: string;
  readonly #scale: VerifyScale;
  readonly #topic = `v${Date.now().toString(36)}`;
  readonly #random: Buffer;
  readonly #begun: number;
  readonly planted: readonly Planted[];

  constructor(address: RegionsAddress, scale: VerifyScale) {
    const { source, target, awsEndpoint } = pairIn(address);
    this.#source = source;
    this.#target = target;
    this.#awsEndpoint = awsEndpoint;
    this.#scale = scale;
    // Neither so old that retention takes them nor, with one too many, in the future.
    this.#begun = Date.now() - 2 * this.ofEach * MS_BETWEEN_RECORDS;
    const random = generator(scale.seed);
    this.#random = Buffer.from(
      Array.from({ length: Math.max(RANDOM_BYTES, scale.valueBytes + MOST_IN_A_BATCH) }, () =>
        Math.floor(random() * 256),
      ),
    );
    this.planted = FAULTS.map((fault, partition) => {
      return { fault, partition, source: Math.floor(random() * (this.ofEach - 1)) };
    });
  }

  get prefix(): string {
    return `bench-${this.#topic}`;
  }

  get valueBytes(): number {
    return this.#scale.valueBytes;
  }

  /** Records of each partition. */
  get ofEach(): number {
    return Math.floor(this.#scale.records / FAULTS.length);
  }

  async set(): Promise<void> {
    Object.assign(process.env, awsEnvironment(this.#awsEndpoint, this.#target.awsRegion));
    const [from, to] = [clusterAt(this.#source), clusterAt(this.#target)];
    const spec = { partitions: FAULTS.length, replicationFactor: 1 };
    const sourceTopicId = await new ClusterAdmin(from).createTopic({ name: this.#topic, ...spec });
    const targetTopicId = await new ClusterAdmin(to).createTopic({ name: this.#remote, ...spec });
    const copied = await Promise.all(FAULTS.map((_, partition) => this.#write(from, to, partition)));
    await Promise.all([from.close(), to.close()]);
    await this.#note({ sourceTopicId, targetTopicId }, copied);
  }

  /** @returns the path of the flow's configuration in `folder` */
  writeConfiguration(folder: string): string {
    return writeFlowFile(folder, flowLines(this.#source, this.#target, [`topics = ${this.#topic}`]));
  }

  get #remote(): string {
    return `${this.#source.alias}.${this.#topic}`;
  }

  /** @returns how many records the target's partition has */
  async #write(from: KafkaCluster, to: KafkaCluster, partition: number): Promise<number> {
    const source = new Writer(this.#log(from, this.#topic, partition));
    const target = new Writer(this.#log(to, this.#remote, partition));
    const planted = this.planted[partition];
    let copied = 0;
    const inABatch = Math.max(1, Math.min(MOST_IN_A_BATCH, Math.floor(BATCH_BYTES / this.#scale.valueBytes)));
    for (let offset = 0; offset < this.ofEach; offset += inABatch) {
      const length = Math.min(inABatch, this.ofEach - offset);
      const records = Array.from({ length }, (_, i) => this.#record(partition, offset + i));
      const copies = planted ? records.flatMap((record) => this.#copiesOf(record, planted)) : records;
      await source.append(records);
      for (let at = 0; at < copies.length; at += inABatch) await target.append(copies.slice(at, at + inABatch));
      copied += copies.length;
    }
    return copied;
  }

  /** What stands in the target in place of a record. */
  #copiesOf(record: KafkaRecord, { fault, source }: Planted): readonly KafkaRecord[] {
    const { partition, offset } = record;
    // It changes places with the one behind it.
    if (fault === 'reordered' && offset === source + 1) return [this.#record(partition, source)];
    if (offset !== source) return [record];
    switch (fault) {
      case 'changed':
        return [{ ...record, value: withOneBitFlipped(record.value) }];
      case 'missing':
        return [];
      case 'extra':
        return [this.#record(partition, this.ofEach + source), record];
      case 'reordered':
        return [this.#record(partition, source + 1)];
    }
  }

  #record(partition: number, offset: number): KafkaRecord {
    const { valueBytes } = this.#scale;
    const at = (offset * 31) % (this.#random.length - valueBytes);
    const value = Buffer.from(this.#random.subarray(at, at + valueBytes));
    value.writeUIntBE(offset, 0, 6);
    const timestamp = this.#begun + offset * MS_BETWEEN_RECORDS;
    return { topic: this.#topic, partition, offset, timestamp, key: null, value: value.toString('base64') };
  }

  #log(cluster: KafkaCluster, topic: string, partition: number): KafkaTargetLog {
    const encoder = new BatchEncoder({ codec: codecs.lz4 });
    const transactionalId = `${topic}-${partition}`;
    return new KafkaTargetLog(cluster, { topic, partition, transactionalId, encoder, maxMessageBytes: 1_000_000 });
  }

  /** As a flow that believes that each of its appends was what it meant. */
  async #note(ids: { sourceTopicId: string; targetTopicId: string }, copied: readonly number[]): Promise<void> {
    const client = new DynamoDBClient({ region: this.#target.awsRegion });
    const flow = { source: this.#source.alias, target: this.#target.alias };
    const tableName = await createTable(client, physicalName(this.prefix, flow, 'offset-map'));
    const names = { topic: this.#topic, remoteTopic: this.#remote, generation: 1 };
    await new DynamoDbTopicRegistry(client, tableName, flow).write(0, {
      ...{ version: 1, ...names, ...ids, partitions: FAULTS.length, consumerGroup: 'causeway' },
      ...{ state: TopicState.Active, mappingUuid: undefined, drainedAfter: undefined },
    });
    const map = new DynamoDbOffsetMap(client, { tableName });
    for (const [partition, count] of copied.entries()) {
      const next = { nextSource: sourceOffset(this.ofEach), nextTarget: targetOffset(count) };
      const openRun = run(0, 0, Math.min(this.ofEach, count));
      const written = head(1, { ...ids, ...next, openRun });
      await map.write({ flow, ...names, partition }, 0, { head: written, closed: [], ledger: [] });
    }
    client.destroy();
  }
}

/** One writer of a partition, which may try again: a new topic's leader may not know of it yet. */
class Writer {
  readonly #log: KafkaTargetLog;
  #producer: Producer | undefined;
  #sequence = 0;

  constructor(log: KafkaTargetLog) {
    this.#log = log;
  }

  async append(records: readonly KafkaRecord[]): Promise<void> {
    const isAppended = async () => {
      this.#producer ??= await this.#log.initProducer();
      const outcome = await this.#log.append(this.#producer, this.#sequence, records);
      if (outcome.kind === 'appended') return true;
      throw new Error('reason' in outcome ? outcome.reason : outcome.kind);
    };
    await until(isAppended, WRITTEN_WITHIN_MS, (last) => new Error(`the scene cannot be written: ${last}`));
    this.#sequence += records.length;
  }
}

function withOneBitFlipped(value: string | null | undefined): string {
  const bytes = Buffer.from(value ?? '', 'base64');
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** Numerical Recipes' linear congruential generator: from 0 to 1. */
function generator(seed: number): () => number {
  let state = (seed + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
