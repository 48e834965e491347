import type { ConsumerSubscribeTopics } from 'kafkajs';
import { ClientState } from '../../../runbook/registry/entry.ts';
import { ConsumerMovedError } from '../errors.ts';
import type { RegistryState } from '../registry/state.ts';
import type { RegistryWatch } from '../registry/watch.ts';
import { Membership, type MembershipPorts, type MembershipSettings, type Subscription } from './membership.ts';
import type { ClusterOffset, FailoverRunConfig } from './payload.ts';

export interface ConsumerSettings extends MembershipSettings {
  /** How long `connect` waits for the registry's first answer. */
  readonly firstReadMs: number;
}

export interface ConsumerPorts extends MembershipPorts {
  readonly watch: Pick<RegistryWatch, 'known' | 'follow'>;
}

/**
 * Consumes, in one group, from the cluster that applications use, as the registry says.
 *
 * A. It is a member on one cluster at a time.
 * B. When consumers are fenced, what its handlers have done is committed and nothing else, within the time to leave.
 * C. It goes on at the committed offsets. A partition of which the group has none gets one before anything is read, so
 *    that a fence passes over nothing.
 */
export class FailoverConsumer implements AsyncDisposable {
  readonly #settings: ConsumerSettings;
  readonly #ports: ConsumerPorts;
  #subscriptions: readonly Subscription[] = [];
  #run: FailoverRunConfig | undefined;
  #wanted: RegistryState | undefined;
  #isMoved = false;
  #current: Membership | undefined;
  #unfollow: (() => void) | undefined;
  #following: Promise<void> | undefined;
  #isBehind = false;
  /** Names of all topics of each cluster, when they were last listed. */
  readonly #seen = new Map<string, ReadonlySet<string>>();

  constructor(settings: ConsumerSettings, ports: ConsumerPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** @throws RegistryUnreadableError */
  async connect(): Promise<void> {
    await this.#ports.watch.known(this.#settings.firstReadMs);
  }

  /**
   * By the names that the application produces to; the copies from the other cluster are read along. Before `run`.
   * `fromBeginning`: where a group begins that has never committed; default false.
   * @throws SubscriptionToCopyError
   */
  async subscribe({ topics, fromBeginning = false }: ConsumerSubscribeTopics): Promise<void> {
    if (this.#run !== undefined) throw new TypeError('subscribe() comes before run()');
    for (const topic of topics) if (typeof topic === 'string') this.#ports.topics.assertNoCopy(topic);
    this.#subscriptions = [...this.#subscriptions, { topics, fromBeginning }];
  }

  /** Joins the group as soon as consumers may, and again after each move. Returns once it has begun to try. */
  async run(config: FailoverRunConfig): Promise<void> {
    if (this.#run !== undefined) return;
    this.#run = config;
    this.#unfollow = this.#ports.watch.follow((state) => this.#follow(state));
  }

  /**
   * For `autoCommit: false`; `commit()` of a message is simpler.
   * @throws ConsumerMovedError for offsets of a cluster that it is not, or not any more, a member on
   */
  async commitOffsets(offsets: readonly ClusterOffset[]): Promise<void> {
    const { groupId } = this.#settings;
    const session = this.#current?.session;
    if (session === undefined) throw new ConsumerMovedError(groupId, 'it is in no group now');
    const other = offsets.find(({ cluster }) => cluster !== session.cluster);
    if (other !== undefined)
      throw new ConsumerMovedError(
        groupId,
        `an offset of ${other.cluster} means another message on ${session.cluster}`,
      );
    await session.commit(offsets.map(({ cluster: _, ...offset }) => offset));
  }

  /** Ends as a fence does: what is done is committed, and the group is left. */
  async disconnect(): Promise<void> {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#wanted = undefined;
    this.#run = undefined;
    this.#catchUpSoon();
    await this.#following;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  get #target(): string | undefined {
    return this.#wanted?.clients === ClientState.ClientsFenced ? undefined : this.#wanted?.active;
  }

  #follow(state: RegistryState): void {
    this.#isMoved ||= this.#wanted !== undefined && this.#wanted.active !== state.active;
    this.#wanted = state;
    this.#catchUpSoon();
  }

  #catchUpSoon(): void {
    this.#isBehind = true;
    this.#following ??= Promise.resolve().then(() => this.#catchUp());
  }

  /** Until it is a member where the registry last wanted it; what came in between is skipped. */
  async #catchUp(): Promise<void> {
    while (this.#isBehind) {
      this.#isBehind = false;
      const current = this.#current;
      if (current !== undefined && (current.cluster !== this.#target || current.isOver)) {
        await current.leave();
        this.#current = undefined;
      }
      if (this.#target === undefined || this.#wanted === undefined || this.#run === undefined) continue;
      this.#current ??= this.#enter(this.#wanted, this.#run);
    }
    this.#following = undefined;
  }

  #enter({ active, generation, changedAt }: RegistryState, run: FailoverRunConfig): Membership {
    const membership = new Membership(this.#settings, this.#ports, {
      cluster: active,
      subscriptions: this.#subscriptions,
      run,
      changed: generation > 0 ? { atMs: changedAt, here: this.#isMoved } : undefined,
      seen: this.#seen,
      onOver: () => this.#catchUpSoon(),
    });
    membership.start();
    return membership;
  }
}
