import type { HoldOrder, HoldResult } from '../../../shared/append/hold.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { HoldPorts } from '../../../shared/hold/ports.ts';
import type { Hold } from '../../../shared/ledger/hold.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { headWith } from '../offsets/head-with.ts';

export function item(topic: string, changes: Partial<TopicItem> = {}): TopicItem {
  return {
    version: 1,
    topic,
    remoteTopic: `us-east.${topic}`,
    generation: 1,
    sourceTopicId: 's1',
    targetTopicId: 't1',
    partitions: 2,
    state: 'active',
    consumerGroup: `causeway.us-east.us-west.${topic}.g1`,
    mappingUuid: undefined,
    drainedAfter: undefined,
    ...changes,
  };
}

/** A flow's topics and what becomes of its partitions, each named `orders-0`. */
export class HoldWorld {
  now = 1_000_000;
  hold: Hold | undefined;
  readonly items: TopicItem[] = [];
  readonly counts = new Map<string, number>();
  /** What was done, in order. */
  readonly steps: string[] = [];
  /** Partitions without a HEAD. */
  readonly notBegun = new Set<string>();
  readonly results = new Map<string, HoldResult | Error>();
  countsAnswer = true;
  atOnce = 0;
  mostAtOnce = 0;

  ports(): HoldPorts {
    const work = async <T>(name: string, answer: () => T): Promise<T> => {
      this.steps.push(name);
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
      for (let i = 0; i < 5; i++) await undefined;
      this.atOnce--;
      return answer();
    };
    return {
      flow: { source: 'us-east', target: 'us-west' },
      holds: {
        current: async () => this.hold,
        place: async (hold) => {
          this.steps.push(`place ${hold.generation}`);
          if (!this.hold || this.hold.generation < hold.generation) this.hold = hold;
          return this.hold;
        },
        lift: async (generation) => {
          this.steps.push(`lift ${generation}`);
          if (this.hold && this.hold.generation <= generation) this.hold = undefined;
          return this.hold;
        },
      },
      topics: async () => this.items,
      partitionCounts: async () => {
        if (!this.countsAnswer) throw new Error('no broker answers');
        return this.counts;
      },
      hold: (partition, _item, { generation }: HoldOrder) =>
        work(`hold ${nameOf(partition)}`, (): HoldResult => {
          const result = this.results.get(nameOf(partition));
          if (result instanceof Error) throw result;
          if (result) return result;
          if (this.notBegun.has(nameOf(partition))) return { kind: 'not-begun' };
          return { kind: 'held', head: headWith({ heldBy: { generation } }) };
        }),
      lift: (partition) =>
        work(`lift ${nameOf(partition)}`, () => {
          const result = this.results.get(nameOf(partition));
          if (result instanceof Error) throw result;
          return this.notBegun.has(nameOf(partition)) ? 'not-begun' : 'lifted';
        }),
      now: () => this.now,
    };
  }
}

export function nameOf({ topic, partition }: FlowPartition): string {
  return `${topic}-${partition}`;
}
