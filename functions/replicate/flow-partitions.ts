import { PartitionAppender } from '../../shared/append/append.ts';
import { type AppendObserver, type AppendSettings, defaultAppendSettings } from '../../shared/append/context.ts';
import { HeadMemory } from '../../shared/append/memory.ts';
import type { Clock, HeadStore, Quarantine, SourceLog, TargetLog } from '../../shared/append/ports.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import type { FlowId } from '../../shared/flow/flow.ts';
import { flowPartition } from '../../shared/groups/knowledge.ts';
import { type TopicItem, type TopicRegistry, TopicState } from '../../shared/ledger/topic-registry.ts';
import type { KafkaRecord } from '../../shared/records/record.ts';
import type { OpenPartition } from '../../shared/replicate/replicate-event.ts';
import { TopicFactsUnavailable, TopicNotReady } from './errors.ts';

/** Facts about a topic that change rarely: they are asked again after this long. */
const TOPIC_FACTS_MS = 60_000;

export interface TopicFacts {
  /** The source topic is compacted, or the flow leaves records out: its offsets have holes. */
  readonly sparse: boolean;
  /** The remote topic's `max.message.bytes`. */
  readonly maxMessageBytes: number;
}

export interface FlowPartitionsOptions {
  readonly flow: FlowId;
  readonly registry: Pick<TopicRegistry, 'read'>;
  readonly heads: HeadStore;
  readonly quarantine: Quarantine<KafkaRecord>;
  readonly clock: Clock;
  readonly observer: AppendObserver;
  readonly settings: Partial<AppendSettings>;
  /** Both directions of one topic name meet in the target: records of others stand between ours. */
  readonly shared: boolean;
  /** Undefined: the flow leaves nothing out. */
  readonly leavesOut: ((record: KafkaRecord) => boolean) | undefined;
  /** `signal`, here and below, ends every call that is waiting: the invocation has to answer. */
  readonly facts: (item: TopicItem, signal: AbortSignal) => Promise<TopicFacts>;
  readonly targetLog: (
    item: TopicItem,
    partition: number,
    facts: TopicFacts,
    signal: AbortSignal,
  ) => TargetLog<KafkaRecord>;
  readonly sourceLog: (item: TopicItem, partition: number, signal: AbortSignal) => SourceLog<KafkaRecord>;
}

interface KnownTopic {
  readonly item: TopicItem;
  readonly facts: TopicFacts;
  readonly heads: Map<number, HeadMemory>;
}

/** The partitions of one flow: what this execution environment knows of them is kept from one invocation to the next. */
export class FlowPartitions {
  readonly #options: FlowPartitionsOptions;
  readonly #topics = new Map<string, { readonly askedAt: number; readonly answer: Promise<KnownTopic> }>();

  constructor(options: FlowPartitionsOptions) {
    this.#options = options;
  }

  /**
   * A partition for the invocation that `signal` ends.
   * @throws TopicNotReady when `reconcile` has not (yet) opened the topic; then nothing may be appended
   * @throws TopicFactsUnavailable or the cluster's error when that cannot be found out
   */
  async open(topic: string, partition: number, signal: AbortSignal): Promise<OpenPartition> {
    const known = await this.#topic(topic, signal);
    const memory = known.heads.get(partition) ?? new HeadMemory();
    known.heads.set(partition, memory);
    return this.#openPartition(known, partition, memory, signal);
  }

  /** One question for all partitions of a delivery; a refusal is not remembered. */
  #topic(topic: string, signal: AbortSignal): Promise<KnownTopic> {
    const now = this.#options.clock.now();
    const before = this.#topics.get(topic);
    if (before && now - before.askedAt < TOPIC_FACTS_MS) return before.answer;
    const asked = { askedAt: now, answer: this.#ask(topic, before?.answer, signal) };
    this.#topics.set(topic, asked);
    asked.answer.catch(() => {
      if (this.#topics.get(topic) === asked) this.#topics.delete(topic);
    });
    return asked.answer;
  }

  async #ask(topic: string, answered: Promise<KnownTopic> | undefined, signal: AbortSignal): Promise<KnownTopic> {
    const { flow, registry, facts } = this.#options;
    const before = await answered;
    const item = await registry.read(topic).catch((error: unknown) => {
      throw error instanceof CausewayError ? error : new TopicFactsUnavailable(flow, topic, error);
    });
    if (item?.state !== TopicState.Active) throw new TopicNotReady(flow, topic, item?.state);
    const found = await facts(item, signal);
    const same = before?.item.generation === item.generation && before.facts.maxMessageBytes === found.maxMessageBytes;
    return { item, facts: found, heads: same ? before.heads : new Map() };
  }

  #openPartition(
    { item, facts }: KnownTopic,
    partition: number,
    memory: HeadMemory,
    signal: AbortSignal,
  ): OpenPartition {
    const { flow, clock, heads, quarantine, observer, shared, leavesOut } = this.#options;
    const place = flowPartition(flow, item, partition);
    const appender = new PartitionAppender(
      {
        partition: place,
        target: this.#options.targetLog(item, partition, facts, signal),
        source: this.#options.sourceLog(item, partition, signal),
        heads,
        quarantine,
        clock,
        observer,
        settings: {
          ...defaultAppendSettings,
          ...this.#options.settings,
          initialGrant: facts.sparse ? 'closed' : 'open',
          targetMayHoldRecords: shared,
        },
      },
      memory,
    );
    return { append: (delivery) => appender.append(delivery), leavesOut };
  }
}
