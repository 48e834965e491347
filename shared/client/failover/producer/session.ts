import type { ICustomPartitioner } from 'kafkajs';
import { lazily } from '../../../adapters/lazily.ts';
import { Admission } from './admission.ts';
import type { Delivery } from './delivery.ts';
import { Lane } from './lane.ts';
import type { ClusterProducer, Refusal } from './ports.ts';
import { TopicLine } from './topic-line.ts';

export interface SessionOptions {
  readonly cluster: string;
  readonly producer: () => ClusterProducer;
  readonly createPartitioner: ICustomPartitioner;
  readonly refusalOf: (error: unknown) => Refusal;
}

/** Sending to one cluster, for as long as it is the active one. Shut at first. */
export class ProducerSession {
  readonly cluster: string;
  readonly #options: SessionOptions;
  readonly #admission = new Admission();
  readonly #lines = new Map<string, TopicLine>();
  readonly #lanes = new Map<string, Lane>();
  readonly #partitioner: ReturnType<ICustomPartitioner>;
  readonly #producers: ClusterProducer[] = [];
  readonly #producer: () => Promise<ClusterProducer>;
  #trouble: unknown;

  constructor(options: SessionOptions) {
    this.cluster = options.cluster;
    this.#options = options;
    this.#partitioner = options.createPartitioner();
    this.#producer = lazily(() => this.#connect());
  }

  /** What last kept something from being sent. */
  get trouble(): unknown {
    return this.#trouble;
  }

  get isOpen(): boolean {
    return this.#admission.isOpen;
  }

  /** @throws whatever the cluster says */
  async connected(): Promise<void> {
    await this.#producer();
  }

  /** What of it waits is sent, when and if the session is open. */
  submit(delivery: Delivery): void {
    for (const part of delivery.waiting) this.#line(part.topic).push(part);
  }

  open(): void {
    this.#admission.open();
    for (const lane of this.#lanes.values()) lane.run();
    for (const line of this.#lines.values()) line.run();
  }

  /** Nothing more is sent; what is at the broker is awaited by `quiet`. */
  shut(): void {
    this.#admission.shut();
  }

  async quiet(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.quiet()));
  }

  /**
   * Never sends again. Deliveries of which something was sent and not acknowledged fail, for nobody will know; the others
   * keep what is waiting.
   */
  leave(): void {
    this.#admission.leave();
    for (const lane of this.#lanes.values())
      for (const { delivery } of lane.inDoubt) delivery.fail(reasonOf(this.#trouble), this.cluster);
    // Of a cluster that is gone nothing is to be waited for.
    for (const producer of this.#producers) producer.disconnect().catch(() => {});
  }

  #line(topic: string): TopicLine {
    const { cluster, refusalOf } = this.#options;
    const line =
      this.#lines.get(topic) ??
      new TopicLine({
        cluster,
        topic,
        admission: this.#admission,
        producer: this.#producer,
        partitioner: this.#partitioner,
        lane: (partition) => this.#lane(topic, partition),
        refusalOf,
        onTrouble: this.#noteTrouble,
      });
    this.#lines.set(topic, line);
    return line;
  }

  #lane(topic: string, partition: number): Lane {
    const { cluster, refusalOf } = this.#options;
    const key = `${topic}#${partition}`;
    const lane =
      this.#lanes.get(key) ??
      new Lane({
        cluster,
        topic,
        partition,
        admission: this.#admission,
        producer: this.#producer,
        renew: () => this.#connect(),
        refusalOf,
        onTrouble: this.#noteTrouble,
      });
    this.#lanes.set(key, lane);
    return lane;
  }

  async #connect(): Promise<ClusterProducer> {
    const producer = this.#options.producer();
    try {
      await producer.connect();
    } catch (error) {
      producer.disconnect().catch(() => {});
      throw error;
    }
    this.#producers.push(producer);
    return producer;
  }

  readonly #noteTrouble = (error: unknown): void => {
    this.#trouble = error;
  };
}

function reasonOf(trouble: unknown): Error {
  return trouble instanceof Error ? trouble : new Error('no acknowledgement came');
}
