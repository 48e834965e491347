import { setTimeout as wait } from 'node:timers/promises';
import type { ICustomPartitioner, ProducerBatch, ProducerRecord, RecordMetadata, TopicMessages } from 'kafkajs';
import { ClientState } from '../../../runbook/registry/entry.ts';
import { ProducerBacklogError, ProducerClosedError, ProducerFencedError } from '../errors.ts';
import type { FailoverEmitter } from '../events.ts';
import type { RegistryState } from '../registry/state.ts';
import type { RegistryWatch } from '../registry/watch.ts';
import { Backlog, type BacklogBounds } from './backlog.ts';
import { Delivery } from './delivery.ts';
import { type ClusterProducer, type ProduceSettings, Refusal } from './ports.ts';
import { ProducerSession } from './session.ts';

export interface ProducerSettings {
  readonly bounds: BacklogBounds;
  /** How long the answers of a cluster that is left are awaited. */
  readonly settleMs: number;
  /** How long `connect` waits for the registry's first answer. */
  readonly firstReadMs: number;
  /** How often `held` is told. */
  readonly pollMs: number;
  readonly createPartitioner: ICustomPartitioner;
}

export interface ProducerPorts {
  readonly watch: Pick<RegistryWatch, 'known' | 'follow'>;
  readonly events: FailoverEmitter;
  readonly producer: (cluster: string) => ClusterProducer;
  readonly refusalOf: (error: unknown) => Refusal;
}

/**
 * Sends to the cluster that applications use, as the registry says.
 *
 * A. A message is sent to another cluster only if it was never sent to the one before.
 * B. Messages of one partition are sent in the order in which they were given, also those that were held.
 * C. Whatever was given is acknowledged or fails: within the age, and never silently.
 */
export class FailoverProducer implements AsyncDisposable {
  readonly #settings: ProducerSettings;
  readonly #ports: ProducerPorts;
  readonly #backlog: Backlog;
  #wanted: RegistryState | undefined;
  #session: ProducerSession | undefined;
  #unfollow: (() => void) | undefined;
  #following: Promise<void> | undefined;
  #isBehind = false;
  #takesMore = false;
  #changed = Promise.withResolvers<void>();
  #telling: NodeJS.Timeout | undefined;

  constructor(settings: ProducerSettings, ports: ProducerPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#backlog = new Backlog(settings.bounds, (delivery) => {
      const error = this.#boundError(`these have waited for ${settings.bounds.ageMs} ms`);
      delivery.fail(error, this.#session?.cluster ?? this.#wanted?.active ?? '');
    });
  }

  /**
   * Waits for the registry, and if producers may send for the cluster, which may be away: then messages are held.
   * @throws RegistryUnreadableError, or kafkajs's error when the cluster refuses the login
   */
  async connect(): Promise<void> {
    if (this.#unfollow !== undefined) return;
    await this.#ports.watch.known(this.#settings.firstReadMs);
    this.#unfollow = this.#ports.watch.follow((state) => this.#follow(state));
    this.#takesMore = true;
    await this.#following;
    await this.#session?.connected().catch((error: unknown) => {
      if (this.#ports.refusalOf(error) !== Refusal.Passing) throw error;
    });
  }

  /**
   * As kafkajs's. While producers are fenced it waits.
   * @throws ProducerFencedError, ProducerBacklogError: nothing was sent, send it again
   * @throws DeliveryUnknownError: it may have been written, and is not sent to the other cluster
   */
  send({ topic, messages, acks, timeout, compression }: ProducerRecord): Promise<RecordMetadata[]> {
    return this.#deliver([{ topic, messages }], { acks, timeout, compression });
  }

  /** As kafkajs's; see `send`. */
  sendBatch({ topicMessages = [], acks, timeout, compression }: ProducerBatch): Promise<RecordMetadata[]> {
    return this.#deliver(topicMessages, { acks, timeout, compression });
  }

  /**
   * Waits until everything is acknowledged that was given. While producers are fenced, what is held fails at once:
   * nobody knows for how long.
   */
  async disconnect(): Promise<void> {
    if (!this.#takesMore) return;
    this.#takesMore = false;
    const all = [...this.#backlog];
    const settled = Promise.allSettled(all.map(({ done }) => done)).then(() => true);
    for (let isOver = false; !isOver && this.#serves; )
      isOver = await Promise.race([settled, this.#changed.promise.then(() => false)]);
    this.#unfollow?.();
    this.#unfollow = undefined;
    await this.#following;
    if (!this.#serves) await this.#quiet();
    const error = this.#boundError('the producer was disconnected');
    for (const delivery of all) delivery.fail(error, this.#session?.cluster ?? '');
    this.#session?.leave();
    this.#session = undefined;
    clearInterval(this.#telling);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  async #deliver(batches: readonly TopicMessages[], settings: ProduceSettings): Promise<RecordMetadata[]> {
    if (!this.#takesMore) throw new ProducerClosedError();
    const delivery = new Delivery(batches, settings, Date.now());
    if (!this.#backlog.hasRoomFor(delivery.count))
      throw this.#boundError(`${this.#backlog.messages} messages wait, of at most ${this.#settings.bounds.messages}`);
    this.#backlog.add(delivery);
    this.#session?.submit(delivery);
    return delivery.done;
  }

  #boundError(reason: string): ProducerFencedError | ProducerBacklogError {
    if (this.#wanted === undefined || !this.#serves) return new ProducerFencedError(reason);
    const trouble = this.#session?.trouble;
    const last = trouble instanceof Error ? `; last: ${trouble.message}` : '';
    return new ProducerBacklogError(this.#wanted.active, reason + last);
  }

  #follow(state: RegistryState): void {
    this.#wanted = state;
    // At once: a fence that waits for anything else is none.
    if (!this.#serves || this.#session?.cluster !== state.active) this.#session?.shut();
    this.#tellHeld();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    this.#isBehind = true;
    this.#following ??= Promise.resolve().then(() => this.#catchUp());
  }

  /** Until the session is what the registry last wanted; states that came in between are skipped. */
  async #catchUp(): Promise<void> {
    while (this.#isBehind) {
      this.#isBehind = false;
      if (this.#session !== undefined && this.#session.cluster !== this.#wanted?.active)
        await this.#leave(this.#session);
      if (!this.#serves || this.#wanted === undefined) continue;
      this.#session ??= this.#enter(this.#wanted.active);
      if (this.#session.cluster === this.#wanted.active) this.#session.open();
    }
    this.#following = undefined;
  }

  /** Once its answers are there, or are not awaited any longer; not at all if the registry goes back to it meanwhile. */
  async #leave(session: ProducerSession): Promise<void> {
    const quiet = this.#quiet().then(() => true);
    for (let isQuiet = false; !isQuiet; ) {
      isQuiet = await Promise.race([quiet, this.#changed.promise.then(() => false)]);
      if (this.#wanted?.active === session.cluster) return;
    }
    session.leave();
    this.#session = undefined;
  }

  /** Everything that was not sent yet goes there, in the order in which it was given. */
  #enter(cluster: string): ProducerSession {
    const { producer, refusalOf } = this.#ports;
    const { createPartitioner } = this.#settings;
    const session = new ProducerSession({ cluster, producer: () => producer(cluster), createPartitioner, refusalOf });
    for (const delivery of this.#backlog) session.submit(delivery);
    return session;
  }

  async #quiet(): Promise<void> {
    const end = new AbortController();
    const bound = wait(this.#settings.settleMs, undefined, { signal: end.signal }).catch(() => {});
    await Promise.race([this.#session?.quiet(), bound]);
    end.abort();
  }

  get #serves(): boolean {
    return this.#wanted?.clients === ClientState.Serving;
  }

  #tellHeld(): void {
    clearInterval(this.#telling);
    if (this.#serves) return;
    const tell = () => {
      const { messages } = this.#backlog;
      if (messages > 0) this.#ports.events.emit('held', { messages, oldestMs: this.#backlog.oldestMs(Date.now()) });
    };
    this.#telling = setInterval(tell, this.#settings.pollMs);
  }
}
