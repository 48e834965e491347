import type { CommittedOffset, OffsetsOfGroups, Untold } from '../../../../shared/groups/committed-offsets.ts';
import { type ConsumerGroup, GroupType, type SilentBroker } from '../../../../shared/groups/group.ts';
import type { CommitOutcome, OffsetToCommit } from '../../../../shared/groups/ports.ts';
import type { RunbookGroups } from '../../../../shared/runbook/ports/groups.ts';
import { Away, type FakeCluster } from './fake-cluster.ts';

type Offsets = Map<string, Map<number, CommittedOffset<number> | Untold>>;

export class FakeGroups implements RunbookGroups {
  readonly offsets = new Map<string, Offsets>();
  readonly states = new Map<string, string>();
  silentBrokers: SilentBroker[] = [];
  /** Broker that coordinates a group; what is not named here is told by any. */
  readonly coordinators = new Map<string, number>();
  /** Groups whose commits are taken and then differ. */
  readonly liars = new Set<string>();
  readonly #cluster: FakeCluster;
  readonly #changes: string[];

  constructor(cluster: FakeCluster, changes: string[]) {
    this.#cluster = cluster;
    this.#changes = changes;
  }

  /** `at` as `{ 'orders-0': 40 }`; a text is the code of why an offset is not told. */
  group(id: string, at: Readonly<Record<string, number | string>>, state = 'Empty'): this {
    this.states.set(id, state);
    for (const [place, offset] of Object.entries(at)) {
      const [, topic = '', partition = ''] = /^(.*)-(\d+)$/.exec(place) ?? [];
      this.#set(id, topic, Number(partition), offset, 'kept');
    }
    return this;
  }

  at(id: string, topic: string, partition: number): number | string | undefined {
    const found = this.offsets.get(id)?.get(topic)?.get(partition);
    if (found === undefined) return undefined;
    return 'code' in found ? found.code : found.offset;
  }

  async list() {
    this.#asked();
    const told = [...this.states].filter(([id]) => this.#silence(id) === undefined);
    const groups = told.map(([id, state]): [string, ConsumerGroup] => [id, { id, type: GroupType.Classic, state }]);
    return { groups: new Map(groups), silentBrokers: this.silentBrokers };
  }

  async committed(groups: readonly string[]): Promise<OffsetsOfGroups<number>> {
    this.#asked();
    return new Map(groups.map((id) => [id, this.#silence(id) ?? structuredClone(this.offsets.get(id) ?? new Map())]));
  }

  async commit(offsets: ReadonlyMap<string, readonly OffsetToCommit[]>) {
    this.#asked();
    const outcomes = new Map<string, readonly CommitOutcome[]>();
    for (const [id, all] of offsets) {
      const isActive = (this.states.get(id) ?? 'Empty') !== 'Empty';
      outcomes.set(
        id,
        all.map(() => (isActive ? { kind: 'refused', code: 'UNKNOWN_MEMBER_ID' } : { kind: 'committed' })),
      );
      if (isActive) continue;
      this.#changes.push(`${this.#cluster.alias} group ${id} committed`);
      if (!this.states.has(id)) this.states.set(id, 'Empty');
      for (const { topic, partition, offset, metadata } of all)
        this.#set(id, topic, partition, this.liars.has(id) ? offset + 1 : offset, metadata);
    }
    return outcomes;
  }

  async members(groups: readonly ConsumerGroup[]) {
    this.#asked();
    return new Map(
      groups.map(({ id, state }) => [id, state === 'Empty' ? [] : [{ clientId: 'app', host: '10.0.0.7' }]]),
    );
  }

  async remove(groups: readonly string[]) {
    this.#asked();
    for (const id of groups) {
      this.#changes.push(`${this.#cluster.alias} group ${id} deleted`);
      this.states.delete(id);
      this.offsets.delete(id);
    }
    return new Map<string, string>();
  }

  #silence(id: string): Untold | undefined {
    return this.silentBrokers.find(({ broker }) => broker === this.coordinators.get(id));
  }

  #set(id: string, topic: string, partition: number, offset: number | string, metadata: string): void {
    const ofGroup: Offsets = this.offsets.get(id) ?? new Map();
    const ofTopic = ofGroup.get(topic) ?? new Map<number, CommittedOffset<number> | Untold>();
    this.offsets.set(id, ofGroup.set(topic, ofTopic));
    ofTopic.set(partition, typeof offset === 'string' ? { code: offset } : { offset, leaderEpoch: -1, metadata });
  }

  #asked(): void {
    if (this.#cluster.away) throw new Away(`no broker of ${this.#cluster.alias} answers`, { safe: '', next: '' });
  }
}
