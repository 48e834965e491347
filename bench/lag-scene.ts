import { setTimeout as wait } from 'node:timers/promises';
import type { Admin, Producer } from 'kafkajs';
import type { RegionsAddress } from '../local/region/addresses.ts';
import { createTopics } from '../local/region/create-topics.ts';
import { until } from '../local/region/until.ts';
import { readLog } from '../shared/adapters/kafka/read-log.ts';
import { batchHeaders } from '../shared/records/decode.ts';
import { ReplicatedFlow, type Side } from '../test/integration/translation/replicated-flow.ts';
import { sideOf } from '../test/integration/translation/scene.ts';

/** How each partition is written. */
const [PLAIN, COMMITTED, ABORTED] = [0, 1, 2];
const PARTITIONS = 3;
const WRITTEN_EACH_MS = 50;

/** Ends of the logs, by partition: of the source's what is committed. */
export interface Truth {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** A record that is to be copied, where it stands in its partition of the source. */
interface Written {
  readonly offset: number;
  /** ms since the epoch. */
  readonly time: number;
}

/**
 * A topic that is written to at a steady rate, and its copy. One partition has plain records, one transactions, one
 * transactions of which every second is aborted. So the source's logs have markers and records that are never copied. The
 * copy's have records, and a marker where a partition was taken over.
 */
export class LagScene implements AsyncDisposable {
  readonly flow: ReplicatedFlow;
  readonly #topic: string;
  readonly #sides: readonly [Side, Side];
  readonly #admins: readonly [Admin, Admin];
  readonly #plain: Producer;
  readonly #transactional: Producer;
  /** In their order, by partition. */
  readonly #written: readonly Written[][] = Array.from({ length: PARTITIONS }, () => []);
  /** Offsets that come next on the source: nobody else writes there. */
  readonly #next = Array.from({ length: PARTITIONS }, () => 0);
  /** Offsets of the copy's markers, by partition. */
  #markers: readonly number[][] = [];

  private constructor(topic: string, flow: ReplicatedFlow, sides: readonly [Side, Side]) {
    const [source, target] = sides;
    this.#topic = topic;
    this.flow = flow;
    this.#sides = sides;
    this.#admins = [source.kafka.admin(), target.kafka.admin()];
    this.#plain = source.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    this.#transactional = source.kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  }

  static async set({ clusters: [east, west], awsEndpoint }: RegionsAddress): Promise<LagScene> {
    if (!east || !west || awsEndpoint === undefined) throw new Error('two clusters and a table are needed');
    const [source, target] = [sideOf(east), sideOf(west)];
    const topic = `lag-${Date.now().toString(36)}`;
    const ends = { flow: { source: east.alias, target: west.alias }, source, target };
    const flow = await ReplicatedFlow.open({ ...ends, topic, awsEndpoint, groupPrefix: topic });
    const scene = new LagScene(topic, flow, [source, target]);
    const [admin] = scene.#admins;
    const clients = [...scene.#admins, scene.#plain, scene.#transactional];
    await Promise.all(clients.map((each) => each.connect()));
    await createTopics(admin, [{ topic, numPartitions: PARTITIONS }]);
    await flow.openTopic(PARTITIONS);
    return scene;
  }

  /** @param rate records a second, of all partitions together, without those that are aborted */
  write(rate: number): { readonly stop: () => Promise<void> } {
    let stopped = false;
    const began = performance.now();
    let written = 0;
    const done = (async () => {
      while (!stopped) {
        const due = Math.floor(((performance.now() - began) * rate) / 1_000) - written;
        const each = Math.floor(Math.max(0, due) / PARTITIONS);
        if (each > 0) await this.#send(each);
        written += each * PARTITIONS;
        await wait(WRITTEN_EACH_MS);
      }
      await this.#abort(10);
    })();
    return {
      stop: () => {
        stopped = true;
        return done;
      },
    };
  }

  /** Counted by a client that is not Causeway's: kafkajs tells last stable offsets. */
  async count(): Promise<Truth> {
    const [source, target] = await Promise.all([
      endsOf(this.#admins[0], this.#topic),
      endsOf(this.#admins[1], this.flow.remoteTopic),
    ]);
    return { source, target };
  }

  /** Reads the copy from its beginning: where its markers are, which are no records. */
  async findMarkers(): Promise<void> {
    const [, { cluster }] = this.#sides;
    const markers = Array.from({ length: PARTITIONS }, async (_, partition) => {
      const found: number[] = [];
      const place = { topic: this.flow.remoteTopic, partition, signal: undefined };
      for await (const { log } of readLog(cluster, place, 0))
        found.push(...[...batchHeaders(log)].flatMap(({ control, baseOffset }) => (control ? [baseOffset] : [])));
      return found;
    });
    this.#markers = await Promise.all(markers);
  }

  /**
   * Offsets from the first record that the target has not to the end of the source, if these were the ends. Goes by the
   * markers that were found last.
   */
  missing({ source, target }: Truth): number {
    return this.#written.reduce((sum, written, partition) => {
      const next = written[this.#copied(target, partition)];
      return sum + (next === undefined ? 0 : Math.max(0, (source[partition] ?? 0) - next.offset));
    }, 0);
  }

  /** How old the oldest record was that was missing at a moment, seconds, if these were the ends. */
  age({ source, target }: Truth, at: number): number {
    const ages = this.#written.flatMap((written, partition) => {
      const next = written[this.#copied(target, partition)];
      return next === undefined || next.offset >= (source[partition] ?? 0) ? [] : [(at - next.time) / 1_000];
    });
    return Math.max(0, ...ages);
  }

  /** All that was written is in the target, and in the offset map. */
  async untilLevel(withinMs: number): Promise<void> {
    const last = this.#written.map((written, partition) => [partition, written.at(-1)?.offset ?? -1] as const);
    const isLevel = async () => this.flow.notReplicated(new Map(last)).length === 0;
    await until(isLevel, withinMs, (seen) => new Error(`not level after ${withinMs / 1_000} s: ${seen}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flow[Symbol.asyncDispose]();
    await Promise.all([...this.#admins, this.#plain, this.#transactional].map((each) => each.disconnect()));
    await Promise.all(this.#sides.map(({ cluster }) => cluster.close()));
  }

  /** Records of a partition of the copy that ends there. */
  #copied(target: readonly number[], partition: number): number {
    const end = target[partition] ?? 0;
    return end - (this.#markers[partition] ?? []).filter((offset) => offset < end).length;
  }

  /** @param count of records in each partition */
  async #send(count: number): Promise<void> {
    await Promise.all([
      this.#inOrder(PLAIN, count, 0, (messages) => this.#plain.send({ topic: this.#topic, messages })),
      this.#abort(count).then(() => this.#commit(count)),
    ]);
  }

  async #commit(count: number): Promise<void> {
    const transaction = await this.#transactional.transaction();
    for (const partition of [COMMITTED, ABORTED])
      await this.#inOrder(partition, count, 1, (messages) => transaction.send({ topic: this.#topic, messages }));
    await transaction.commit();
  }

  async #abort(count: number): Promise<void> {
    const transaction = await this.#transactional.transaction();
    const messages = Array.from({ length: count }, () => ({ partition: ABORTED, value: 'never' }));
    await transaction.send({ topic: this.#topic, messages });
    await transaction.abort();
    this.#next[ABORTED] = (this.#next[ABORTED] ?? 0) + count + 1;
  }

  /** Notes records before they can be read. @param markers that stand behind them */
  async #inOrder(
    partition: number,
    count: number,
    markers: number,
    send: (
      messages: { partition: number; value: string; timestamp: string }[],
    ) => Promise<readonly { readonly baseOffset?: string | undefined }[]>,
  ): Promise<void> {
    const [now, first] = [Date.now(), this.#next[partition] ?? 0];
    this.#written[partition]?.push(...Array.from({ length: count }, (_, i) => ({ offset: first + i, time: now })));
    this.#next[partition] = first + count + markers;
    const messages = Array.from({ length: count }, (_, i) => {
      return { partition, value: `record ${i} of ${count}`, timestamp: String(now) };
    });
    const [sent] = await send(messages);
    if (Number(sent?.baseOffset) !== first) throw new Error(`${partition}: ${sent?.baseOffset}, and not ${first}`);
  }
}

async function endsOf(admin: Admin, topic: string): Promise<readonly number[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    Number(ends.find((each) => each.partition === partition)?.high ?? 0),
  );
}
