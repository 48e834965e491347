import { setTimeout as wait } from 'node:timers/promises';
import type { ICustomPartitioner, Message } from 'kafkajs';
import type { Admission } from './admission.ts';
import type { Part } from './delivery.ts';
import type { Lane } from './lane.ts';
import { type ClusterProducer, Refusal } from './ports.ts';

const PAUSE_MS = 200;

export interface TopicLineOptions {
  readonly cluster: string;
  readonly topic: string;
  readonly admission: Admission;
  readonly producer: () => Promise<ClusterProducer>;
  readonly partitioner: ReturnType<ICustomPartitioner>;
  readonly lane: (partition: number) => Lane;
  readonly refusalOf: (error: unknown) => Refusal;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Messages of one topic in the order in which they were given, until their partitions are decided: once each, so that a
 * message that is sent again goes to the partition that it went to before.
 */
export class TopicLine {
  readonly #options: TopicLineOptions;
  readonly #waiting: Part[] = [];
  #running: Promise<void> | undefined;

  constructor(options: TopicLineOptions) {
    this.#options = options;
  }

  push(part: Part): void {
    this.#waiting.push(part);
    this.run();
  }

  run(): void {
    if (this.#running !== undefined || !this.#options.admission.isOpen) return;
    this.#running = this.#distributeAll().finally(() => {
      this.#running = undefined;
      if (this.#options.admission.isOpen && this.#waiting.length > 0) this.run();
    });
  }

  async #distributeAll(): Promise<void> {
    const { topic, cluster, admission, producer, refusalOf, onTrouble } = this.#options;
    while (admission.isOpen) {
      const [part] = this.#waiting;
      if (part === undefined) return;
      try {
        const partitions = part.delivery.isOver ? [] : await (await producer()).partitions(topic);
        if (!admission.isOpen) return;
        this.#waiting.shift();
        if (!part.delivery.isOver) this.#distribute(part, partitions);
      } catch (error) {
        if (admission.isLeft) return;
        onTrouble(error);
        if (refusalOf(error) === Refusal.Passing) await wait(PAUSE_MS);
        else {
          this.#waiting.shift();
          part.delivery.fail(error instanceof Error ? error : new Error(String(error)), cluster);
        }
      }
    }
  }

  #distribute(part: Part, partitionMetadata: Parameters<ReturnType<ICustomPartitioner>>[0]['partitionMetadata']): void {
    const { topic, partitioner, lane } = this.#options;
    const { delivery } = part;
    const byPartition = Map.groupBy(part.messages, (message: Message) =>
      partitioner({ topic, partitionMetadata, message }),
    );
    const parts = [...byPartition].map(([partition, messages]) => ({ delivery, topic, messages, partition }));
    delivery.split(part, parts);
    for (const each of parts) lane(each.partition).push(each);
  }
}
