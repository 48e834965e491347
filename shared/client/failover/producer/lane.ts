import { setTimeout as wait } from 'node:timers/promises';
import type { Message, RecordMetadata } from 'kafkajs';
import { lazily } from '../../../adapters/lazily.ts';
import { type Admission, NotAdmitted } from './admission.ts';
import type { Part } from './delivery.ts';
import { type ClusterProducer, type ProduceSettings, Refusal } from './ports.ts';

/** Of what waits for a partition, so much goes into one request, as long as one part alone is no larger. */
const MOST_MESSAGES = 2_000;
const MOST_BYTES = 256 * 1024;

/** After an attempt that may pass. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

export interface LaneOptions {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly admission: Admission;
  readonly producer: () => Promise<ClusterProducer>;
  /** A producer with a new producer id, for this lane alone. */
  readonly renew: () => Promise<ClusterProducer>;
  readonly refusalOf: (error: unknown) => Refusal;
  /** Told of what keeps it from sending. */
  readonly onTrouble: (error: unknown) => void;
}

/** Parts on their way to the broker together. */
interface Request {
  readonly parts: readonly Part[];
  readonly messages: readonly Message[];
  readonly settings: ProduceSettings;
  /** How often it was about to be sent. */
  attempts: number;
}

/**
 * One partition of one cluster. One request is under way at a time; what comes meanwhile goes together in the next. A
 * request without an answer is sent again unchanged before all others: the broker knows it by its sequence, so that it is
 * written once and the order stays.
 */
export class Lane {
  readonly #options: LaneOptions;
  #producer: () => Promise<ClusterProducer>;
  #waiting: Part[] = [];
  readonly #alone = new Set<Part>();
  #underWay: Request | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#producer = options.producer;
  }

  push(part: Part): void {
    this.#waiting.push(part);
    this.run();
  }

  /** Sends what waits, if that is allowed now. */
  run(): void {
    if (this.#running !== undefined || !this.#options.admission.isOpen) return;
    this.#running = this.#sendAll().finally(() => {
      this.#running = undefined;
      // Opened again since it was last looked at.
      if (this.#options.admission.isOpen && this.#hasWork()) this.run();
    });
  }

  /** When no request is at the broker any more. */
  async quiet(): Promise<void> {
    await this.#running;
  }

  /** What was sent and not acknowledged, when the cluster is left. */
  get inDoubt(): readonly Part[] {
    return this.#underWay === undefined || this.#underWay.attempts === 0 ? [] : this.#underWay.parts;
  }

  #hasWork(): boolean {
    return this.#underWay !== undefined || this.#waiting.length > 0;
  }

  async #sendAll(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#options.admission.isOpen) {
      if (this.#underWay?.attempts === 0) this.#putBack(this.#underWay);
      this.#underWay ??= this.#next();
      if (this.#underWay === undefined) return;
      if (await this.#attempt(this.#underWay)) {
        pauseMs = FIRST_PAUSE_MS;
        continue;
      }
      await wait(pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  /** @returns false: not sent, and to be tried again after a while */
  async #attempt(request: Request): Promise<boolean> {
    const { topic, partition, admission } = this.#options;
    const { messages, settings } = request;
    const admit = () => {
      admission.admit();
      request.attempts++;
      for (const part of request.parts) part.delivery.sent(part);
    };
    try {
      const producer = await this.#producer();
      const metadata = await producer.produce({ topic, partition, messages, settings }, admit);
      if (!admission.isLeft) this.#acknowledge(request, metadata);
      return true;
    } catch (error) {
      if (admission.isLeft) return true;
      return this.#failed(request, error);
    }
  }

  #acknowledge({ parts }: Request, metadata: RecordMetadata): void {
    this.#underWay = undefined;
    let before = 0n;
    for (const part of parts) {
      part.delivery.acknowledge(part, movedOn(metadata, before));
      before += BigInt(part.messages.length);
    }
  }

  #failed(request: Request, error: unknown): boolean {
    if (error instanceof NotAdmitted) return true;
    this.#options.onTrouble(error);
    const refusal = this.#options.refusalOf(error);
    if (refusal === Refusal.Passing) return false;
    this.#underWay = undefined;
    const { cluster, renew } = this.#options;
    if (refusal === Refusal.Sequence) this.#producer = lazily(renew);
    // What an earlier attempt has written is not known.
    if (request.attempts > 1) for (const { delivery } of request.parts) delivery.fail(asError(error), cluster);
    else if (refusal === Refusal.Sequence) this.#putBack(request);
    else if (request.parts.length > 1) this.#oneByOne(request);
    else for (const part of request.parts) part.delivery.refuse(part, asError(error), cluster);
    return refusal !== Refusal.Sequence;
  }

  /** Of several the broker does not say which one it refuses. */
  #oneByOne(request: Request): void {
    for (const part of request.parts) this.#alone.add(part);
    this.#putBack(request);
  }

  #putBack({ parts }: Request): void {
    this.#underWay = undefined;
    for (const part of parts) part.delivery.unsent(part);
    this.#waiting = [...parts, ...this.#waiting];
  }

  #next(): Request | undefined {
    const parts: Part[] = [];
    let [count, bytes] = [0, 0];
    let first: Part | undefined;
    while (this.#waiting.length > 0) {
      const [part] = this.#waiting;
      if (part === undefined) break;
      if (part.delivery.isOver) {
        this.#waiting.shift();
        continue;
      }
      count += part.messages.length;
      bytes += sizeOf(part.messages);
      first ??= part;
      const fits = count <= MOST_MESSAGES && bytes <= MOST_BYTES && sameSettings(part, first) && !this.#alone.has(part);
      if (part !== first && !fits) break;
      parts.push(part);
      this.#waiting.shift();
      if (this.#alone.delete(part)) break;
    }
    if (first === undefined) return undefined;
    return {
      parts,
      messages: parts.flatMap(({ messages }) => messages),
      settings: first.delivery.settings,
      attempts: 0,
    };
  }
}

function sameSettings({ delivery: { settings: a } }: Part, { delivery: { settings: b } }: Part): boolean {
  return a.acks === b.acks && a.timeout === b.timeout && a.compression === b.compression;
}

function sizeOf(messages: readonly Message[]): number {
  return messages.reduce(
    (sum, { key, value }) => sum + Buffer.byteLength(key ?? '') + Buffer.byteLength(value ?? ''),
    0,
  );
}

/** Of a part that stands `by` records after the first of its request. */
function movedOn(metadata: RecordMetadata, by: bigint): RecordMetadata {
  const { baseOffset } = metadata;
  return baseOffset === undefined || baseOffset === '-1'
    ? { ...metadata }
    : { ...metadata, baseOffset: String(BigInt(baseOffset) + by) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
