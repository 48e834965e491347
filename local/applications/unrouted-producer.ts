import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { type Producer } from 'kafkajs';
import { configOf } from '../kafka/clients.ts';
import type { ClusterAddress } from '../region/addresses.ts';
import { until } from '../region/until.ts';
import type { Identity, Ledger } from './ledger.ts';
import { KEY_AND_NUMBER } from './records.ts';

export interface UnroutedPlace {
  readonly topic: string;
  readonly partition: number;
}

const EVERY_MS = 200;
const GOES_ON_MS = 30_000;

/**
 * An application that knows nothing of the registry: it writes one record after the other to one partition of one cluster,
 * whichever is active. What is refused it writes again.
 */
export class UnroutedProducer {
  /** Records that were acknowledged. */
  written = 0;
  /** How often it was refused, by Kafka's name of the error. */
  readonly refusals = new Map<string, number>();
  readonly #alias: string;
  readonly #place: UnroutedPlace;
  readonly #ledger: Ledger;
  readonly #producer: Producer;
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(cluster: ClusterAddress, place: UnroutedPlace, ledger: Ledger) {
    const config = { ...configOf(cluster), clientId: 'unrouted-producer', logLevel: kafkajs.logLevel.NOTHING };
    this.#alias = cluster.alias;
    this.#place = place;
    this.#ledger = ledger;
    this.#producer = new kafkajs.Kafka(config).producer({ idempotent: true });
    this.#done = this.#run();
    // Thrown by `stop`.
    this.#done.catch(() => {});
  }

  /** Waits for a record that is written from now on. @throws Error when there is none */
  async writesOn(): Promise<void> {
    const before = this.written;
    await until(
      async () => this.written > before,
      GOES_ON_MS,
      () => new Error(`the unrouted producer has written nothing to ${this.#alias} in ${GOES_ON_MS / 1_000} s`),
    );
  }

  /** Ends once every record that it began with was written. @throws what writing failed with, where it was not refused */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    await this.#producer.connect();
    while (!this.#stopped) {
      await this.#write(this.#ledger.write(this.#place.topic, `unrouted at ${this.#alias}`));
      await wait(EVERY_MS);
    }
    await this.#producer.disconnect();
  }

  async #write(identity: Identity): Promise<void> {
    const { topic, partition } = this.#place;
    const messages = [{ ...KEY_AND_NUMBER.message(identity), partition }];
    for (;;) {
      try {
        await this.#producer.send({ topic, messages });
        this.#ledger.acknowledge([identity]);
        this.written++;
        return;
      } catch (error) {
        if (!(error instanceof kafkajs.KafkaJSProtocolError) || error.retriable) throw error;
        this.refusals.set(error.type, (this.refusals.get(error.type) ?? 0) + 1);
        await wait(EVERY_MS);
      }
    }
  }
}
