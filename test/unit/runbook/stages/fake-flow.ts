import { type FlowId, type FlowPartition, flowName } from '../../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import { isTold, type Untold } from '../../../../shared/groups/committed-offsets.ts';
import { flowPartition } from '../../../../shared/groups/knowledge.ts';
import type { OffsetMapReader } from '../../../../shared/groups/ports.ts';
import type { Hold } from '../../../../shared/ledger/hold.ts';
import { type TopicItem, TopicState } from '../../../../shared/ledger/topic-registry.ts';
import type { CopiedTo, Heads, HoldChange, RunbookFlow } from '../../../../shared/runbook/ports/flow.ts';
import type { MappingState, SwitchedMapping } from '../../../../shared/runbook/ports/mapping-switch.ts';
import type { RunbookKind } from '../../../../shared/runbook/runbook.ts';
import { Away } from './fake-cluster.ts';

/** How often a mapping is listed as changing before it has changed. */
const CHANGES_AFTER = 2;

interface Mapping {
  readonly uuid: string;
  readonly topic: string;
  enabled: boolean;
  changing: number;
}

function stateOf(enabled: boolean, changing: number): MappingState {
  if (changing > 0) return enabled ? 'enabling' : 'disabling';
  return enabled ? 'enabled' : 'disabled';
}

export class FakeFlow implements RunbookFlow {
  readonly flow: FlowId;
  readonly items: TopicItem[] = [];
  readonly copied = new Map<string, CopiedTo | Untold>();
  readonly all: Mapping[] = [];
  readonly #changes: string[];
  held: Hold | undefined;
  /** Partitions whose hold or lift takes another call. */
  slow: string[] = [];
  /** Partitions, by their names on the source, that are not held however often that is asked for. */
  readonly unheld = new Set<string>();
  /** Offsets from here on hold no record, by `topic-partition`. */
  readonly empty = new Map<string, number>();
  controlPlaneAway = false;
  mapAway = false;

  constructor(flow: FlowId, changes: string[]) {
    this.flow = flow;
    this.#changes = changes;
  }

  /** A topic that is copied up to these source offsets, to the same offsets on the target. */
  topic(topic: string, remoteTopic: string, copiedTo: readonly number[]): this {
    const { source, target } = this.flow;
    this.items.push({
      ...{ version: 1, topic, remoteTopic, generation: 1, partitions: copiedTo.length, state: TopicState.Active },
      sourceTopicId: `${source} ${topic}`,
      targetTopicId: `${target} ${remoteTopic}`,
      ...{ consumerGroup: `causeway.${topic}`, mappingUuid: topic, drainedAfter: undefined },
    });
    for (const [partition, to] of copiedTo.entries()) this.copyTo(topic, partition, to);
    this.all.push({ uuid: topic, topic, enabled: true, changing: 0 });
    return this;
  }

  /** @param lastTimestamp of the record copied last; default: not known */
  copyTo(topic: string, partition: number, to: number, lastTimestamp = -1): void {
    this.copied.set(`${topic}-${partition}`, {
      ...{ nextSource: to, nextTarget: to, producerId: '900', runStart: 0, sparse: false, lastTimestamp },
      sourceTopicId: `${this.flow.source} ${topic}`,
    });
  }

  /** Nothing was copied yet of a partition that is not copied from its first record. */
  beginsAt(topic: string, partition: number, offset: number): void {
    const at = this.items.findIndex((each) => each.topic === topic);
    const item = this.items[at];
    if (item === undefined) throw new Error(`no topic ${topic}`);
    const begins = Array.from({ length: item.partitions }, (_, each) => (each === partition ? offset : 0));
    this.items[at] = { ...item, begins };
    this.copied.delete(`${topic}-${partition}`);
  }

  async topics() {
    this.#map();
    return this.items;
  }

  /** Undefined: nobody knows what is to be copied. */
  left: string[] | undefined = [];

  async notTakenOn() {
    return this.left;
  }

  /** Of a third cluster's topics. */
  readonly copies = new Set<string>();

  async mirrored() {
    this.#map();
    return this.copies;
  }

  async heads(partitions: readonly FlowPartition[]): Promise<Heads> {
    this.#map();
    const topics = new Map<string, Map<number, CopiedTo | Untold | undefined>>();
    for (const { topic, partition } of partitions) {
      const ofTopic = topics.get(topic) ?? new Map();
      topics.set(topic, ofTopic.set(partition, this.copied.get(`${topic}-${partition}`)));
    }
    return topics;
  }

  async hasRecords({ topic, partition }: FlowPartition, from: number, to: number) {
    return from < Math.min(to, this.empty.get(`${topic}-${partition}`) ?? to);
  }

  readonly maps: OffsetMapReader = {
    read: async () => {
      this.#map();
      const head = (topic: string, partition: number) => {
        const found = this.copied.get(`${topic}-${partition}`);
        return found && isTold(found) ? found : undefined;
      };
      return {
        topicIds: (topic, partition) => {
          const item = this.items.find((each) => each.topic === topic);
          if (item === undefined || head(topic, partition) === undefined) return undefined;
          return { source: item.sourceTopicId, target: item.targetTopicId };
        },
        toTarget: (topic, partition, offset) => {
          const at = head(topic, partition);
          if (at === undefined) return { kind: 'unmapped' };
          const { nextSource, nextTarget } = at;
          if (offset < nextSource) return { kind: 'exact', offset: targetOffset(offset) };
          return { kind: 'clamped', offset: targetOffset(nextTarget), beyond: offset - nextSource };
        },
        toSource: (topic, partition, offset) => {
          const at = head(topic, partition);
          if (at === undefined) return { kind: 'unmapped' };
          const { nextSource, nextTarget } = at;
          if (offset < nextTarget) return { kind: 'exact', offset: sourceOffset(offset) };
          return { kind: 'clamped', offset: sourceOffset(nextSource), beyond: offset - nextTarget };
        },
      };
    },
  };

  readonly mappings = {
    list: async (): Promise<readonly SwitchedMapping[]> => {
      this.#controlPlane();
      return this.all.map(({ uuid, topic, enabled, changing }, i) => {
        const mapping = this.all[i];
        if (mapping && changing > 0) mapping.changing--;
        return { uuid, topic, state: stateOf(enabled, changing) };
      });
    },
    setEnabled: async ({ uuid }: SwitchedMapping, enabled: boolean): Promise<'updated' | 'busy'> => {
      this.#controlPlane();
      const mapping = this.all.find((each) => each.uuid === uuid);
      if (mapping === undefined || mapping.changing > 0) return 'busy';
      mapping.enabled = enabled;
      mapping.changing = CHANGES_AFTER;
      this.#changes.push(`${this.#name} mapping ${uuid} ${enabled ? 'enabled' : 'disabled'}`);
      return 'updated';
    },
  };

  readonly hold = {
    current: async () => {
      this.#map();
      return this.held;
    },
    hold: async (generation: number, kind: RunbookKind): Promise<HoldChange> => {
      this.held ??= { generation, since: 0, kind };
      this.#changes.push(`${this.#name} held by ${generation}`);
      this.slow.push(...this.unheld);
      return this.#slowly();
    },
    lift: async (generation: number): Promise<HoldChange> => {
      if (this.held !== undefined) this.#changes.push(`${this.#name} lifted by ${generation}`);
      this.held = undefined;
      return this.#slowly();
    },
  };

  #slowly(): HoldChange {
    const notYet = this.slow.map((name) => new Away(`${name}: the time was over`, { safe: '', next: '' }));
    const partitions = this.items.flatMap((item) =>
      Array.from({ length: item.partitions }, (_, each) => flowPartition(this.flow, item, each)),
    );
    const slow = partitions.filter(({ topic, partition }) => this.slow.includes(`${topic}-${partition}`));
    this.slow = [];
    return { done: this.copied.size - notYet.length, notYet, partitions: slow };
  }

  get #name(): string {
    return flowName(this.flow);
  }

  #controlPlane(): void {
    if (this.controlPlaneAway) throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
  }

  #map(): void {
    if (this.mapAway) throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
  }
}
