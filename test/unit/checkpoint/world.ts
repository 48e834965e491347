import { type CheckpointSettings, CheckpointTicker } from '../../../shared/checkpoint/ticker.ts';
import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { GroupOffsets, OffsetsOfGroups, Untold } from '../../../shared/groups/committed-offsets.ts';
import type { CommitOutcome, GroupReader, PartitionLogReader } from '../../../shared/groups/ports.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { decodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import { compileNameList } from '../../../shared/policy/name-list.ts';
import { VirtualClock } from '../schedule/virtual-clock.ts';
import { MemoryLog } from './memory-log.ts';

const ITEM: TopicItem = {
  ...{ version: 1, topic: 'orders', remoteTopic: 'us-east.orders', generation: 1, partitions: 1 },
  ...{ sourceTopicId: 'S', targetTopicId: 'T', state: 'active', consumerGroup: 'c' },
  ...{ mappingUuid: undefined, drainedAfter: undefined },
};

/** One end of a flow: groups with their offset in one partition. Groups with members are `active`. */
class Cluster<O extends number> implements GroupReader<O>, PartitionLogReader<O> {
  readonly offsets = new Map<string, O>();
  readonly active = new Set<string>();
  /** Groups whose coordinator does not answer. */
  readonly silent = new Set<string>();
  fault: Error | undefined;
  listings = 0;
  readonly #topic: string;
  readonly #topicId: string;
  readonly #toOffset: (value: number) => O;

  constructor(topic: string, topicId: string, toOffset: (value: number) => O) {
    this.#topic = topic;
    this.#topicId = topicId;
    this.#toOffset = toOffset;
  }

  set(group: string, offset: number): void {
    this.offsets.set(group, this.#toOffset(offset));
  }

  async list() {
    this.#check();
    this.listings++;
    const ids = [...this.offsets.keys()];
    const state = (id: string) => (this.active.has(id) ? 'Stable' : 'Empty');
    return {
      groups: new Map(ids.map((id) => [id, { id, type: 'classic' as const, state: state(id) }])),
      silentBrokers: [],
    };
  }

  async committed(groups: readonly string[]): Promise<OffsetsOfGroups<O>> {
    this.#check();
    const of = (group: string): GroupOffsets<O> | Untold => {
      if (this.silent.has(group)) return { code: 'KAFKA_UNREACHABLE' };
      const offset = this.offsets.get(group);
      if (offset === undefined) return new Map();
      return new Map([[this.#topic, new Map([[0, { offset, leaderEpoch: -1, metadata: '' }]])]]);
    };
    return new Map(groups.map((group) => [group, of(group)]));
  }

  async logs() {
    this.#check();
    const log = { topicId: this.#topicId, logStart: this.#toOffset(0), logEnd: this.#toOffset(1_000) };
    return new Map([[this.#topic, new Map([[0, log]])]]);
  }

  #check(): void {
    if (this.fault) throw this.fault;
  }
}

/** A flow whose target offsets are 5 below the source's. */
export class World {
  readonly clock = new VirtualClock();
  readonly source = new Cluster<SourceOffset>('orders', 'S', sourceOffset);
  readonly target = new Cluster<TargetOffset>('us-east.orders', 'T', targetOffset);
  readonly log = new MemoryLog();
  commitFault: Error | undefined;
  /** Groups that there is time for in one tick; those that were set, in their order, are in `committed`. */
  groupsInTime = Number.POSITIVE_INFINITY;
  readonly committed: string[] = [];

  ticker(settings: Partial<CheckpointSettings> = {}): CheckpointTicker {
    const { source, target, clock } = this;
    return new CheckpointTicker(
      {
        source,
        target: {
          list: () => target.list(),
          committed: (groups) => target.committed(groups),
          logs: () => target.logs(),
          commit: async (offsets) => {
            if (this.commitFault) throw this.commitFault;
            const groups = [...offsets].map(([group, all], i): [string, CommitOutcome[]] => {
              const [first] = all;
              if (!first || i >= this.groupsInTime)
                return [group, all.map(() => ({ kind: 'refused', code: 'KAFKA_DEADLINE_EXCEEDED' }))];
              target.offsets.set(group, first.offset);
              this.committed.push(group);
              return [group, all.map(() => ({ kind: 'committed' }))];
            });
            return new Map(groups);
          },
        },
        maps: {
          read: async () => ({
            topicIds: () => ({ source: 'S', target: 'T' }),
            toTarget: (_topic, _partition, offset) => ({ kind: 'exact', offset: targetOffset(offset - 5) }),
            toSource: () => ({ kind: 'unmapped' }),
          }),
        },
        registry: { list: async () => ({ topics: [ITEM] }) },
        checkpoints: this.log.reader(),
        clock,
      },
      {
        flow: { source: 'us-east', target: 'us-west' },
        rules: {
          include: compileNameList({ patterns: ['.*'] }),
          exclude: compileNameList({ patterns: ['console-.*'] }),
        },
        whyNot: () => undefined,
        emitMs: 5_000,
        syncMs: 5_000,
        refreshMs: 60_000,
        writeTimeoutMs: 3_000,
        ...settings,
      },
    );
  }

  /** `billing 40 to 35` */
  get checkpoints(): string[] {
    return this.log.records.map(decodeCheckpoint).map(({ group, upstreamOffset, downstreamOffset }) => {
      return `${group} ${upstreamOffset} to ${downstreamOffset}`;
    });
  }
}
