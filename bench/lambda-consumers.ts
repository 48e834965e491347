import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from '../local/applications/ledger.ts';
import type { GroupReader } from '../local/applications/reader.ts';
import type { ClusterAddress } from '../local/region/addresses.ts';
import { until } from '../local/region/until.ts';
import { type Call, RemoteFunction } from '../test/integration/event-source-mapping/remote-function.ts';
import { type Deployed, FUNCTIONS, groupFor, LambdaRegion } from './lambda-region.ts';

/** For `causeway.lambda.consumers`. */
export const LAMBDA_CONSUMERS = FUNCTIONS.map(({ name }) => name).join(', ');
const SETTLES_MS = 90_000;

/** A user's function in both regions, under the same name. It consumes what Lambda calls it with, and nothing else. */
class LambdaConsumer implements GroupReader {
  /** The function's name: each of its mappings has a consumer group of its own. */
  readonly group: string;
  readonly read = new Map<string, number>();
  readonly deployed: Deployed;
  /** Records that it had still to read when it was first called on the other cluster, move by move. */
  readonly unread: number[] = [];
  readonly #ledger: Ledger;
  #at: string | undefined;

  constructor(deployed: Deployed, ledger: Ledger) {
    this.group = deployed.name;
    this.deployed = deployed;
    this.#ledger = ledger;
  }

  consume({ records }: Call, { alias }: ClusterAddress, other: ClusterAddress): void {
    if (this.#at !== undefined && this.#at !== alias) this.unread.push(this.#ledger.left(this.group));
    this.#at = alias;
    const copies = `${other.alias}.`;
    for (const { topic: name, key, value } of records) {
      const [log, topic] = name.startsWith(copies) ? [other.alias, name.slice(copies.length)] : [alias, name];
      this.#ledger.read(this.group, { topic, key: textOf(key), number: Number(textOf(value)) }, log);
    }
    this.read.set(alias, (this.read.get(alias) ?? 0) + records.length);
  }
}

function textOf(base64: string | null): string {
  return Buffer.from(base64 ?? '', 'base64').toString();
}

/**
 * Functions of a user's own beside both clusters, as docs/runbooks.md asks for them: a mapping for what is written in either
 * region, those on the standby disabled.
 */
export class LambdaConsumers implements AsyncDisposable {
  /** Those that are awake. */
  readonly readers: readonly LambdaConsumer[];
  /** Mappings that were not as they have to be, some time after a move. */
  readonly strays: string[] = [];
  readonly #all: readonly LambdaConsumer[];
  readonly #regions: readonly LambdaRegion[];
  #lingersAt: string | undefined;

  private constructor(awsEndpoint: string, clusters: readonly ClusterAddress[], ledger: Ledger) {
    this.#all = FUNCTIONS.map((each) => new LambdaConsumer(each, ledger));
    this.readers = this.#all.filter(({ deployed }) => !deployed.isAsleep);
    this.#regions = clusters.map((cluster) => new LambdaRegion(awsEndpoint, cluster));
  }

  /** @param clusters the active one, and the standby. @param topics that are written, on whichever is active */
  static async deploy(
    awsEndpoint: string,
    [active, standby]: readonly [ClusterAddress, ClusterAddress],
    topics: readonly string[],
    ledger: Ledger,
  ): Promise<LambdaConsumers> {
    const consumers = new LambdaConsumers(awsEndpoint, [active, standby], ledger);
    for (const region of consumers.#regions) {
      const { cluster } = region;
      const other = cluster === active ? standby : active;
      for (const consumer of consumers.#all) {
        const { name, lingersMs, isAsleep } = consumer.deployed;
        const fn = await RemoteFunction.create(region.client, name);
        region.functions.push(fn);
        fn.onCall(async (call) => {
          if (consumers.#lingersAt === cluster.alias) await wait(lingersMs);
          consumer.consume(call, cluster, other);
          call.succeed();
        });
        const isEnabled = cluster === active && !isAsleep;
        for (const topic of topics) {
          await region.map(consumer.deployed, topic, groupFor(name, topic, cluster), isEnabled);
          await region.map(consumer.deployed, `${other.alias}.${topic}`, groupFor(name, topic, other), isEnabled);
        }
      }
    }
    return consumers;
  }

  /** From now on one of them is slow on a cluster, so that it is behind when it is moved to the other. */
  lingerAt(alias: string): void {
    this.#lingersAt = alias;
  }

  /** By hand, where no runbook could: its region was away. */
  async disableAt(alias: string): Promise<void> {
    for (const region of this.#regions) if (region.cluster.alias === alias) await region.disable();
  }

  /** Waits until the mappings on a cluster are enabled and those on the other are not, but for what its owner has disabled. */
  async settle(active: string): Promise<void> {
    let strays: readonly string[] = ['Lambda never told its mappings'];
    const areSettled = async () => {
      const found = await Promise.all(this.#regions.map((region) => region.strays(region.cluster.alias === active)));
      const woken = this.#all.filter(({ deployed, read }) => deployed.isAsleep && read.size > 0);
      strays = [...found.flat(), ...woken.map(({ group }) => `${group} was called, whose mappings were disabled`)];
      return strays.length === 0;
    };
    await until(areSettled, SETTLES_MS, () => new Error('as they are')).catch(() => {});
    this.strays.push(...strays);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client, functions } of this.#regions) {
      await Promise.all(functions.map((each) => each[Symbol.asyncDispose]()));
      client.destroy();
    }
  }
}
