import { setTimeout as wait } from 'node:timers/promises';
import type { Admin, Producer } from 'kafkajs';
import type { RegionsAddress } from '../local/region/addresses.ts';
import { createTopics } from '../local/region/create-topics.ts';
import { until } from '../local/region/until.ts';
import { ReplicatedFlow, type Side } from '../test/integration/translation/replicated-flow.ts';
import { sideOf } from '../test/integration/translation/scene.ts';

const PARTITIONS = 3;
const WRITTEN_EACH_MS = 50;

/** Ends of the logs, by partition. */
export interface Truth {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** A topic that is written to at a steady rate, and its copy; neither log has anything but records in it. */
export class LagScene implements AsyncDisposable {
  readonly flow: ReplicatedFlow;
  readonly #topic: string;
  readonly #sides: readonly [Side, Side];
  readonly #admins: readonly [Admin, Admin];
  readonly #producer: Producer;
  /** When the record at each offset was written, by partition; ms since the epoch. */
  readonly #times: readonly number[][] = Array.from({ length: PARTITIONS }, () => []);

  private constructor(topic: string, flow: ReplicatedFlow, sides: readonly [Side, Side]) {
    const [source, target] = sides;
    this.#topic = topic;
    this.flow = flow;
    this.#sides = sides;
    this.#admins = [source.kafka.admin(), target.kafka.admin()];
    this.#producer = source.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  static async set({ clusters: [east, west], awsEndpoint }: RegionsAddress): Promise<LagScene> {
    if (!east || !west || awsEndpoint === undefined) throw new Error('two clusters and a table are needed');
    const [source, target] = [sideOf(east), sideOf(west)];
    const topic = `lag-${Date.now().toString(36)}`;
    const ends = { flow: { source: east.alias, target: west.alias }, source, target };
    const flow = await ReplicatedFlow.open({ ...ends, topic, awsEndpoint, groupPrefix: topic });
    const scene = new LagScene(topic, flow, [source, target]);
    const [admin] = scene.#admins;
    await Promise.all([...scene.#admins.map((each) => each.connect()), scene.#producer.connect()]);
    await createTopics(admin, [{ topic, numPartitions: PARTITIONS }]);
    await flow.openTopic(PARTITIONS);
    return scene;
  }

  /** @param rate records a second, of all partitions together */
  write(rate: number): { readonly stop: () => Promise<void> } {
    let stopped = false;
    const began = performance.now();
    let written = 0;
    const done = (async () => {
      while (!stopped) {
        const due = Math.floor(((performance.now() - began) * rate) / 1_000) - written;
        if (due > 0) await this.#send(due);
        written += Math.max(0, due);
        await wait(WRITTEN_EACH_MS);
      }
    })();
    return {
      stop: () => {
        stopped = true;
        return done;
      },
    };
  }

  /** Counted by a client that is not Causeway's. */
  async count(): Promise<Truth> {
    const [source, target] = await Promise.all([
      endsOf(this.#admins[0], this.#topic),
      endsOf(this.#admins[1], this.flow.remoteTopic),
    ]);
    return { source, target };
  }

  /** How old the oldest record was that was missing at a moment between two countings, seconds. */
  ages(before: Truth, after: Truth, at: number): { readonly least: number; readonly most: number } {
    const oldest = ({ target }: Truth, { source }: Truth) => {
      const ages = this.#times.flatMap((times, partition) => {
        const next = target[partition] ?? 0;
        const time = times[next];
        return time === undefined || next >= (source[partition] ?? 0) ? [] : [(at - time) / 1_000];
      });
      return Math.max(0, ...ages);
    };
    return { least: oldest(after, before), most: oldest(before, after) };
  }

  /** All that was written is in the target, and in the offset map. */
  async untilLevel(withinMs: number): Promise<void> {
    const ends = this.#times.map((times, partition) => [partition, times.length - 1] as const);
    const isLevel = async () => this.flow.notReplicated(new Map(ends)).length === 0;
    await until(isLevel, withinMs, (last) => new Error(`not level after ${withinMs / 1_000} s: ${last}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flow[Symbol.asyncDispose]();
    await Promise.all([...this.#admins, this.#producer].map((each) => each.disconnect()));
    await Promise.all(this.#sides.map(({ cluster }) => cluster.close()));
  }

  async #send(count: number): Promise<void> {
    const now = Date.now();
    const messages = Array.from({ length: count }, (_, i) => {
      return { partition: i % PARTITIONS, value: `record ${i} of ${count}`, timestamp: String(now) };
    });
    // Before they can be read.
    for (const { partition } of messages) this.#times[partition]?.push(now);
    await this.#producer.send({ topic: this.#topic, messages });
  }
}

async function endsOf(admin: Admin, topic: string): Promise<readonly number[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  return Array.from({ length: PARTITIONS }, (_, partition) =>
    Number(ends.find((each) => each.partition === partition)?.high ?? 0),
  );
}
