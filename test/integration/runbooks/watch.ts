import { parseEntry } from '../../../shared/adapters/aws/registry-parameter.ts';
import { DynamoDbFlowHold } from '../../../shared/adapters/dynamodb/flow-hold.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import type { Hold } from '../../../shared/ledger/hold.ts';
import { ClientState, type RegistryEntry } from '../../../shared/runbook/registry/entry.ts';
import { parameterName } from '../../../shared/runbook/registry/published-entry.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { SHADOW_PREFIX } from '../../../shared/runbook/stages/shadow-name.ts';
import type { Pair } from './pair.ts';
import type { PairFlow } from './pair-flow.ts';

/** Where the remote topics of a flow ended when it was first seen to be held. */
interface Held {
  readonly generation: number;
  readonly ends: string;
}

/**
 * What has to hold after every step of any run:
 * - one cluster is active: no two of those who tell applications where to go have them serve on different ones
 * - from when a flow is seen to be held until it is let go, its remote topics end where they ended
 * - offsets of groups are set on another cluster only while nobody writes; in a planned run, while nobody reads either
 */
export class Watch {
  readonly #pair: Pair;
  readonly #held = new Map<PairFlow, Held>();
  readonly #violations: string[] = [];
  #looks: Promise<void> = Promise.resolve();

  constructor(pair: Pair) {
    this.#pair = pair;
  }

  /** @throws Error that says what does not hold */
  look(after: string): Promise<void> {
    this.#looks = this.#looks.then(() => this.#lookOnce(after));
    return this.#looks;
  }

  /** Asked when a runbook is about to set offsets. */
  async offsetsAreSet(): Promise<void> {
    const { run, clients } = await this.#entry();
    if (run === undefined) this.#violations.push('offsets were set by a run that does not hold the lock');
    else if (run.kind === RunbookKind.Drill) return;
    else if (clients === ClientState.Serving) this.#violations.push('offsets were set while producers ran');
    else if (run.kind !== RunbookKind.Failover && clients !== ClientState.ClientsFenced)
      this.#violations.push('offsets were set while consumers ran');
  }

  /** All is as if no runbook were: nothing is held, fenced, locked, disabled, or left over. @throws Error */
  async settled(): Promise<RegistryEntry> {
    const { there, back, east, west, parts } = this.#pair;
    const entry = await this.#entry();
    const left: string[] = [];
    if (entry.run) left.push(`the lock is held by ${entry.run.kind} of ${entry.run.execution}`);
    if (entry.clients !== ClientState.Serving) left.push(`applications are ${entry.clients}`);
    for (const flow of [there, back]) {
      const hold = await this.holdOf(flow);
      if (hold) left.push(`${flow.from.alias}->${flow.to.alias} is held by generation ${hold.generation}`);
      const heads = await this.#heads(flow);
      if (heads.some((head) => head?.heldBy)) left.push(`partitions of ${flow.from.alias}->${flow.to.alias} are held`);
      for (const { configuration } of parts.services.sources.get(flow.replicate) ?? [])
        if (configuration.State !== 'Enabled') left.push(`the mapping of ${flow.from.alias} is ${configuration.State}`);
    }
    for (const { cluster } of [east, west]) {
      const { groups } = await new ConsumerGroups(cluster, { toOffset: Number }).list();
      const shadows = [...groups.keys()].filter((id) => id.startsWith(SHADOW_PREFIX) && id.includes(east.alias));
      if (shadows.length > 0) left.push(`there are shadow groups: ${shadows.join(', ')}`);
    }
    if (left.length > 0) throw new Error(left.join('; '));
    return entry;
  }

  async #lookOnce(after: string): Promise<void> {
    const entry = await this.#entry();
    this.#oneActive(entry);
    for (const flow of [this.#pair.there, this.#pair.back]) await this.#nothingAppended(flow);
    if (this.#violations.length > 0) throw new Error(`after ${after}: ${this.#violations.join('; ')}`);
  }

  #entry(): Promise<RegistryEntry> {
    return this.#pair.applications.registry.entry();
  }

  #oneActive({ active, clients }: RegistryEntry): void {
    const { parts, flow, east, west } = this.#pair;
    if (active !== east.alias && active !== west.alias) this.#violations.push(`${active} is active`);
    const published = parts.services.parameters(parameterName('causeway', flow)).map(parseEntry);
    const serving = [{ active, clients }, ...published].filter((each) => each.clients === ClientState.Serving);
    const clusters = new Set(serving.map((each) => each.active));
    if (clusters.size > 1) this.#violations.push(`applications serve on ${[...clusters].join(' and ')}`);
  }

  async #nothingAppended(flow: PairFlow): Promise<void> {
    const hold = await this.holdOf(flow);
    if (hold === undefined || !(await this.#isHeld(flow))) {
      this.#held.delete(flow);
      return;
    }
    const before = this.#held.get(flow);
    const ends = await this.#ends(flow);
    this.#held.set(flow, { generation: hold.generation, ends });
    if (before?.generation === hold.generation && before.ends !== ends)
      this.#violations.push(`remote topics of a held flow ended at ${before.ends}, and now at ${ends}`);
  }

  async #isHeld(flow: PairFlow): Promise<boolean> {
    const heads = await this.#heads(flow);
    return heads.every((head) => head === undefined || (head.heldBy && head.fence.kind === 'none'));
  }

  holdOf({ id, to }: PairFlow): Promise<Hold | undefined> {
    return new DynamoDbFlowHold(this.#pair.parts.dynamoDb.client, to.offsetMap, id).current();
  }

  #heads({ partitions, to }: PairFlow) {
    const map = new DynamoDbOffsetMap(this.#pair.parts.dynamoDb.client, { tableName: to.offsetMap });
    return Promise.all(partitions.map((each) => map.read(each)));
  }

  /** `3, 7` */
  async #ends({ partitions, to }: PairFlow): Promise<string> {
    const places = partitions.map(({ remoteTopic, partition }) => ({ topic: remoteTopic, partition }));
    const logs = await new ConsumerGroups(to.cluster, { toOffset: Number }).logs(places);
    const ends = places.map(({ topic, partition }) => logs.get(topic)?.get(partition));
    return ends.map((log) => (log && isTold(log) ? log.logEnd : '?')).join(', ');
  }
}
