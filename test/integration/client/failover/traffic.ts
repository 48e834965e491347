import { setTimeout as wait } from 'node:timers/promises';
import type { FailoverProducer } from '../../../../shared/client/failover/producer/failover-producer.ts';

const KEYS = 10;

/** Numbered messages for ten keys, about 500 a second, and what became of each. */
export class Traffic {
  readonly acknowledged: string[] = [];
  readonly failed: { readonly id: string; readonly error: unknown }[] = [];
  readonly #producer: FailoverProducer;
  readonly #topic: string;
  readonly #sent: Promise<void>[] = [];
  #next = 0;
  #isOn = true;
  readonly #running: Promise<void>;

  constructor(producer: FailoverProducer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
    this.#running = this.#run();
  }

  get given(): number {
    return this.#next;
  }

  /** Waits for the outcome of all. */
  async stop(): Promise<void> {
    this.#isOn = false;
    await this.#running;
    await Promise.all(this.#sent);
  }

  async #run(): Promise<void> {
    while (this.#isOn) {
      for (let i = 0; i < 5; i++) this.#sent.push(this.#send(this.#next++));
      await wait(10);
    }
  }

  async #send(number: number): Promise<void> {
    const [key, id] = [`key-${number % KEYS}`, String(number)];
    try {
      await this.#producer.send({ topic: this.#topic, messages: [{ key, value: id }] });
      this.acknowledged.push(id);
    } catch (error) {
      this.failed.push({ id, error });
    }
  }
}

/** The ids of one key must only grow: returns those that do not. */
export function outOfOrder(ids: readonly string[]): readonly string[] {
  const last = new Map<number, number>();
  return ids.filter((id) => {
    const [number, key] = [Number(id), Number(id) % KEYS];
    const isWrong = number <= (last.get(key) ?? -1);
    last.set(key, number);
    return isWrong;
  });
}
