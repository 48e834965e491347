import type { Clock } from '../append/ports.ts';
import type { FlowId } from '../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import { checkpointsOf } from '../groups/checkpoints.ts';
import { replicatedTopics } from '../groups/knowledge.ts';
import { commitsOf, type GroupPlan } from '../groups/plan.ts';
import type { GroupCommitter, GroupReader, OffsetMapReader, PartitionLogReader } from '../groups/ports.ts';
import { GroupQueue } from '../groups/queue.ts';
import type { GroupRules } from '../groups/select.ts';
import { carryOut, type FlowTopics, planTick, readSource } from '../groups/tick.ts';
import type { RegistryListing } from '../ledger/topic-registry.ts';
import type { MirrorLog } from '../mm2/mirror-log.ts';
import { selectGroup } from '../policy/group-selection.ts';
import { Interval } from '../schedule/interval.ts';
import { CheckpointsTopic, type WrittenCheckpoints } from './checkpoints-topic.ts';
import { type KnownGroups, LastKnownGroups } from './last-known-groups.ts';
import { ListedGroups } from './listed-groups.ts';

type Side<O extends number> = GroupReader<O> & PartitionLogReader<O>;

export interface CheckpointPorts {
  readonly source: Side<SourceOffset>;
  readonly target: Side<TargetOffset> & GroupCommitter;
  readonly maps: OffsetMapReader;
  readonly registry: { list(): Promise<Pick<RegistryListing, 'topics'>> };
  /** The flow's checkpoints topic, on the target. */
  readonly checkpoints: MirrorLog;
  readonly clock: Clock;
}

export interface CheckpointSettings {
  readonly flow: FlowId;
  readonly rules: GroupRules;
  /** Why the flow does not copy a topic. */
  readonly whyNot: (topic: string) => string | undefined;
  /** Between two writings of checkpoints. */
  readonly emitMs: number;
  /** Between two commits; undefined: group offsets are not committed on the target. */
  readonly syncMs: number | undefined;
  /** Between two listings of the source's groups; Infinity: they are listed once. */
  readonly refreshMs: number;
  /** Bound on writing and on reading the checkpoints topic. */
  readonly writeTimeoutMs: number;
}

/** What one tick did. */
export interface TickReport {
  /** ms */
  readonly tookMs: number;
  /** As they were planned and, when offsets were committed, as the target answered. */
  readonly plans: readonly GroupPlan[];
  /**
   * Age of the oldest source offsets that were translated, at the end of the tick. Where the source says that there are none
   * it is that of its answer; undefined where nothing is known of it.
   */
  readonly sourceAgeMs: number | undefined;
  /** Groups whose offsets are from before. */
  readonly kept: number;
  /** Why the source was not read. */
  readonly sourceError: unknown;
  /** Undefined when checkpoints were not due. */
  readonly checkpoints: (WrittenCheckpoints & { readonly foreign: number; readonly latencyMs: number }) | undefined;
  /** Partitions whose offset was committed; undefined when commits were not due. */
  readonly committed: number | undefined;
  /** What could not be done of writing and committing; neither keeps the other from being done. */
  readonly errors: readonly unknown[];
}

/** How long what `reconcile` notes of the topics is taken for true. */
const TOPICS_MS = 10_000;

/** Carries over the groups of one flow, tick by tick. Kept from one invocation to the next: it remembers what was last known. */
export class CheckpointTicker {
  readonly #ports: CheckpointPorts;
  readonly #settings: CheckpointSettings;
  readonly #source: ListedGroups;
  readonly #checkpoints: CheckpointsTopic;
  readonly #known = new LastKnownGroups();
  readonly #queue = new GroupQueue();
  readonly #emit: Interval;
  readonly #sync: Interval;
  readonly #lookAtTopics = new Interval(TOPICS_MS);
  #topics: FlowTopics | undefined;
  /** Whether the checkpoints topic was read to its end since there is nothing else to go by. */
  #followed = false;

  constructor(ports: CheckpointPorts, settings: CheckpointSettings) {
    this.#ports = ports;
    this.#settings = settings;
    this.#source = new ListedGroups(ports.source, settings.refreshMs, () => ports.clock.now());
    this.#checkpoints = new CheckpointsTopic(ports.checkpoints);
    this.#emit = new Interval(settings.emitMs);
    this.#sync = new Interval(settings.syncMs ?? Number.POSITIVE_INFINITY);
  }

  /** When the next tick is due, ms since the epoch. */
  get nextAt(): number {
    return this.#settings.syncMs === undefined ? this.#emit.nextAt : Math.min(this.#emit.nextAt, this.#sync.nextAt);
  }

  /**
   * @param everything whether it is done even if it is not due
   * @throws CausewayError when the target or the offset map does not answer
   */
  async tick(everything = false): Promise<TickReport> {
    const { clock, target, maps } = this.#ports;
    const began = clock.now();
    const emits = this.#emit.begin(began) || everything;
    const syncs = this.#settings.syncMs !== undefined && (this.#sync.begin(began) || everything);
    if (everything) this.#source.forget();
    const topics = await this.#replicated(began);
    const follows = emits ? this.#follow() : undefined;
    const { known, error: sourceError } = await this.#read(topics, began, follows);
    const plans = await planTick(known.groups, target, maps, topics);
    const errors: unknown[] = [];
    const attempt = <T>(work: Promise<T>) =>
      work.catch((error: unknown) => {
        errors.push(error);
        return undefined;
      });
    const [checkpoints, done] = await Promise.all([
      follows && attempt(this.#write(plans, began, follows)),
      syncs ? attempt(this.#commit(plans)) : undefined,
    ]);
    const ended = clock.now();
    const heardAt = sourceError === undefined && this.#source.complete ? began : undefined;
    const sourceAt = known.oldestAt ?? heardAt;
    return {
      tookMs: ended - began,
      plans: done ?? plans,
      sourceAgeMs: sourceAt === undefined ? undefined : ended - sourceAt,
      kept: known.kept,
      sourceError,
      checkpoints: emits ? checkpoints : undefined,
      committed: done?.reduce((sum, plan) => sum + commitsOf(plan).planned.length, 0),
      errors,
    };
  }

  async #replicated(now: number): Promise<FlowTopics> {
    const { flow, whyNot } = this.#settings;
    if (this.#topics === undefined || this.#lookAtTopics.begin(now)) {
      const { topics } = await this.#ports.registry.list();
      this.#topics = { flow, topics: replicatedTopics(topics), whyNot };
    }
    return this.#topics;
  }

  /** What the source tells now or, of what it does not, told last. */
  async #read(
    topics: FlowTopics,
    now: number,
    follows: Promise<void> | undefined,
  ): Promise<{ readonly known: KnownGroups; readonly error: unknown }> {
    try {
      const reading = await readSource(this.#source, topics, this.#settings.rules, now);
      return { known: this.#known.take(reading, this.#source.complete), error: undefined };
    } catch (error) {
      if (this.#known.empty) await this.#recall(topics, follows);
      return { known: this.#known.all(now), error };
    }
  }

  async #recall({ topics }: FlowTopics, follows: Promise<void> | undefined): Promise<void> {
    await (follows ?? this.#follow()).catch(() => {});
    const { newestAt, latest } = this.#checkpoints;
    const { include, exclude } = this.#settings.rules;
    if (!this.#followed || newestAt === undefined) return;
    this.#known.recall(latest, newestAt, topics, (group) => selectGroup(include, exclude, group).covered);
  }

  #follow(): Promise<void> {
    const following = this.#checkpoints.follow(AbortSignal.timeout(this.#settings.writeTimeoutMs)).then(() => {
      this.#followed = true;
    });
    following.catch(() => {});
    return following;
  }

  async #commit(plans: readonly GroupPlan[]): Promise<GroupPlan[]> {
    const done = await carryOut(this.#queue.inTurn(plans), this.#ports.target);
    this.#queue.note(done);
    return done;
  }

  async #write(
    plans: readonly GroupPlan[],
    readAt: number,
    follows: Promise<void>,
  ): Promise<TickReport['checkpoints']> {
    await follows;
    const { clock } = this.#ports;
    const signal = AbortSignal.timeout(this.#settings.writeTimeoutMs);
    const outcome = await this.#checkpoints.write(plans.flatMap(checkpointsOf), clock.now(), signal);
    return { ...outcome, foreign: this.#checkpoints.foreign, latencyMs: clock.now() - readAt };
  }
}
