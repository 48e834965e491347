import type { Message, RecordMetadata, TopicMessages } from 'kafkajs';
import { DeliveryUnknownError } from '../errors.ts';
import type { ProduceSettings } from './ports.ts';

/** Messages of one delivery that go to one topic and, once that is decided, one partition. */
export interface Part {
  readonly delivery: Delivery;
  readonly topic: string;
  readonly messages: readonly Message[];
  readonly partition: number | undefined;
}

/** What `send` or `sendBatch` was given, until all of it is acknowledged or it has failed. */
export class Delivery {
  readonly settings: ProduceSettings;
  /** ms since the epoch */
  readonly givenAt: number;
  /** Of all its messages. */
  readonly count: number;
  readonly done: Promise<RecordMetadata[]>;
  readonly #resolve: (metadata: RecordMetadata[]) => void;
  readonly #reject: (error: Error) => void;
  readonly #acknowledged: RecordMetadata[] = [];
  /** In the order in which they were given. */
  #waiting: readonly Part[];
  #sent: readonly Part[] = [];
  #isOver = false;

  constructor(batches: readonly TopicMessages[], settings: ProduceSettings, givenAt: number) {
    const { promise, resolve, reject } = Promise.withResolvers<RecordMetadata[]>();
    this.settings = settings;
    this.givenAt = givenAt;
    this.count = batches.reduce((sum, { messages }) => sum + messages.length, 0);
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#waiting = batches
      .filter(({ messages }) => messages.length > 0)
      .map(({ topic, messages }) => ({ delivery: this, topic, messages: [...messages], partition: undefined }));
    this.#settleIfDone();
  }

  /** Acknowledged, or failed: what is left of it is not sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Not sent yet. */
  get waiting(): readonly Part[] {
    return this.#waiting;
  }

  /** True while something of it may be written and is not acknowledged. */
  get isInDoubt(): boolean {
    return this.#sent.length > 0;
  }

  get isUntouched(): boolean {
    return this.#sent.length === 0 && this.#acknowledged.length === 0;
  }

  /** Takes the place of a waiting part. */
  split(part: Part, into: readonly Part[]): void {
    this.#waiting = this.#waiting.flatMap((each) => (each === part ? into : [each]));
  }

  /** From here on the part may be written. */
  sent(part: Part): void {
    this.#waiting = this.#waiting.filter((each) => each !== part);
    if (!this.#sent.includes(part)) this.#sent = [...this.#sent, part];
  }

  /** Nothing of the part was written, and it will be sent again. */
  unsent(part: Part): void {
    this.#sent = this.#sent.filter((each) => each !== part);
    if (!this.#waiting.includes(part)) this.#waiting = [part, ...this.#waiting];
  }

  acknowledge(part: Part, metadata: RecordMetadata): void {
    this.#sent = this.#sent.filter((each) => each !== part);
    this.#acknowledged.push(metadata);
    this.#settleIfDone();
  }

  /** Fails for the messages of one part, of which nothing was written. */
  refuse(part: Part, error: Error, cluster: string): void {
    this.unsent(part);
    this.fail(error, cluster);
  }

  /** Fails with `error` if nothing of it was sent, and else with what is known of its messages. */
  fail(error: Error, cluster: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.isUntouched) {
      this.#reject(error);
      return;
    }
    const messagesOf = (parts: readonly Part[]) =>
      parts.flatMap(({ topic, messages }) => messages.map((message) => ({ topic, message })));
    const [unknown, unsent] = [messagesOf(this.#sent), messagesOf(this.#waiting)];
    this.#reject(new DeliveryUnknownError(cluster, { unknown, unsent, delivered: this.#acknowledged }, error));
  }

  #settleIfDone(): void {
    if (this.#isOver || this.#waiting.length > 0 || this.#sent.length > 0) return;
    this.#isOver = true;
    this.#resolve(this.#acknowledged);
  }
}
