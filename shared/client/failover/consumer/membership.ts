import type { FailoverEmitter } from '../events.ts';
import type { ApplicationTopics } from '../topics.ts';
import { GroupSession, type SubscribedTopic } from './group-session.ts';
import type { FailoverRunConfig } from './payload.ts';
import type { GroupConsumer, GroupFailure, GroupPlaces, Start } from './ports.ts';

/** Clocks of producers and of the registry may differ. */
const CLOCKS_DIFFER_MS = 60_000;

export interface MembershipSettings {
  readonly groupId: string;
  /** How long running handlers, their commits and the leaving of the group are awaited. */
  readonly leaveMs: number;
  /** How often it is looked for topics that have come into being. */
  readonly refreshMs: number;
  /** After it could not join. */
  readonly retryMs: number;
}

export interface MembershipPorts {
  readonly events: FailoverEmitter;
  readonly topics: ApplicationTopics;
  readonly places: (cluster: string) => GroupPlaces;
  readonly consumer: (cluster: string, onFailure: GroupFailure) => GroupConsumer;
}

export interface Subscription {
  readonly topics: readonly (string | RegExp)[];
  readonly fromBeginning: boolean;
}

export interface MembershipOptions {
  readonly cluster: string;
  readonly subscriptions: readonly Subscription[];
  readonly run: FailoverRunConfig;
  /** When a runbook last changed anything for applications; `here`: while this consumer was running. */
  readonly changed: { readonly atMs: number; readonly here: boolean } | undefined;
  /** Names of all topics of each cluster, when they were last listed; kept by the consumer over its memberships. */
  readonly seen: Map<string, ReadonlySet<string>>;
  /** Called when it is to be left and begun anew. */
  readonly onOver: () => void;
}

/** Being a consumer on one cluster: finding the topics, having a place in each, joining, and looking for new topics. */
export class Membership {
  readonly cluster: string;
  readonly #settings: MembershipSettings;
  readonly #ports: MembershipPorts;
  readonly #options: MembershipOptions;
  readonly #places: GroupPlaces;
  #topics: ReadonlyMap<string, SubscribedTopic> = new Map();
  #session: GroupSession | undefined;
  #isLeaving = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: MembershipSettings, ports: MembershipPorts, options: MembershipOptions) {
    this.cluster = options.cluster;
    this.#settings = settings;
    this.#ports = ports;
    this.#options = options;
    this.#places = ports.places(options.cluster);
  }

  /** Undefined until it begins to join. */
  get session(): GroupSession | undefined {
    return this.#session;
  }

  /** To be left and begun anew. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing that comes of it is thrown: it is told as an event, and tried again. */
  start(): void {
    this.#join().catch((error: unknown) => {
      if (this.#isLeaving) return;
      this.#failed(error, true);
      this.#timer = setTimeout(() => this.#end(), this.#settings.retryMs);
    });
  }

  async leave(): Promise<void> {
    this.#isLeaving = true;
    clearTimeout(this.#timer);
    const { groupId, leaveMs } = this.#settings;
    if (this.#session !== undefined) {
      const unfinished = await this.#session.leave(leaveMs);
      this.#ports.events.emit('consumer-left', { groupId, cluster: this.cluster, unfinished });
    }
    // The cluster may be gone.
    this.#places.close().catch(() => {});
  }

  async #join(): Promise<void> {
    const { cluster } = this;
    const { groupId } = this.#settings;
    const { events, consumer } = this.#ports;
    const existing = await this.#places.topics();
    this.#topics = this.#subscribed(existing);
    this.#options.seen.set(cluster, new Set(existing));
    this.#tellMissing();
    const topics = [...this.#topics.keys()];
    if (topics.length > 0) {
      await this.#places.commitStarts(groupId, topics, (topic, isKnown) => this.#startOf(topic, isKnown));
      if (this.#isLeaving) return;
      this.#session = new GroupSession({
        cluster,
        topics: this.#topics,
        consumer: consumer(cluster, (error, restarts) => this.#failed(error, restarts)),
        run: this.#options.run,
      });
      await this.#session.join();
      if (!this.#isLeaving) events.emit('consumer-joined', { groupId, cluster, topics });
    }
    this.#refreshLater();
  }

  #subscribed(existing: readonly string[]): ReadonlyMap<string, SubscribedTopic> {
    const before = this.#options.seen.get(this.cluster);
    const found = new Map<string, SubscribedTopic>();
    for (const { topics, fromBeginning } of this.#options.subscriptions)
      for (const [topic, name] of this.#ports.topics.subscribed(this.cluster, topics, existing)) {
        // Whoever reads a topic from its end means the end of when it was subscribed to: there was nothing of it yet.
        const isNew = before !== undefined && !before.has(topic);
        if (!found.has(topic)) found.set(topic, { name, fromBeginning: fromBeginning || isNew });
      }
    return found;
  }

  /**
   * A group that was moved here has no place in a topic that it could not read before, while producers write to it
   * already: it begins with what came since.
   */
  #startOf(topic: string, isKnown: boolean): Start {
    const { changed } = this.#options;
    if (this.#topics.get(topic)?.fromBeginning) return 'beginning';
    if (changed !== undefined && (changed.here || isKnown)) return { sinceMs: changed.atMs - CLOCKS_DIFFER_MS };
    return 'end';
  }

  #tellMissing(): void {
    const names = new Set([...this.#topics.values()].map(({ name }) => name));
    const asked = this.#options.subscriptions.flatMap(({ topics }) => topics);
    const topics = asked.filter((each): each is string => typeof each === 'string' && !names.has(each));
    const { groupId } = this.#settings;
    if (topics.length > 0) this.#ports.events.emit('topics-missing', { groupId, cluster: this.cluster, topics });
  }

  #refreshLater(): void {
    if (this.#isLeaving) return;
    this.#timer = setTimeout(async () => {
      // One that does not answer has nothing new to tell.
      const existing = await this.#places.topics().catch(() => undefined);
      if (this.#isLeaving) return;
      const found = existing && this.#subscribed(existing);
      if (found && [...found.keys()].some((topic) => !this.#topics.has(topic))) this.#end();
      else this.#refreshLater();
    }, this.#settings.refreshMs);
  }

  #failed(error: unknown, restarts: boolean): void {
    const { groupId } = this.#settings;
    this.#ports.events.emit('consumer-failed', { groupId, cluster: this.cluster, error, restarts });
  }

  #end(): void {
    this.#isOver = true;
    this.#options.onOver();
  }
}
