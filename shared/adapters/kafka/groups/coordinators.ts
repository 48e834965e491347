import { apis, GROUP_COORDINATOR, manyGroupsApis } from '../apis.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster.ts';
import { UnsupportedBrokerError } from '../errors.ts';
import { codeOf, wholeAnswer } from './answer.ts';
import { groupRights } from './rights.ts';

/** A request names so many groups at most: some 100 KB of ids of usual length. */
const GROUPS_PER_REQUEST = 2_000;

interface FoundCoordinators {
  readonly coordinators: readonly { readonly key: string; readonly nodeId: number; readonly errorCode: number }[];
}

/** Which broker coordinates which group, remembered until one says that it is not so. */
export class GroupCoordinators {
  readonly cluster: KafkaCluster;
  /** Clients of the same cluster, each with its own connection to every broker; `cluster` is the first. */
  readonly lanes: readonly KafkaCluster[];
  readonly #brokers = new Map<string, number>();

  constructor(cluster: KafkaCluster, moreLanes: readonly KafkaCluster[]) {
    this.cluster = cluster;
    this.lanes = [cluster, ...moreLanes];
  }

  forget(groups: Iterable<string>): void {
    for (const group of groups) this.#brokers.delete(group);
  }

  /** Of each group the broker's id, or the code of why there is none. */
  async find(groups: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number | string>> {
    const unknown = groups.filter((group) => !this.#brokers.has(group));
    const refused = new Map<string, string>();
    if (unknown.length > 0) await Promise.all(this.lanes.map((lane) => lane.metadata([], signal)));
    for (let i = 0; i < unknown.length; i += GROUPS_PER_REQUEST) {
      const asked = unknown.slice(i, i + GROUPS_PER_REQUEST);
      for (const { key, nodeId, errorCode } of await this.#ask(asked, signal)) {
        if (errorCode === 0) this.#brokers.set(key, nodeId);
        else refused.set(key, codeOf(errorCode));
      }
    }
    return new Map(
      groups.map((group) => [group, this.#brokers.get(group) ?? refused.get(group) ?? 'COORDINATOR_NOT_AVAILABLE']),
    );
  }

  async #ask(groups: string[], signal: AbortSignal): Promise<FoundCoordinators['coordinators']> {
    const found = await this.cluster.call({
      request: `FindCoordinator of ${groups.length} groups`,
      subject: 'consumer groups',
      needs: groupRights.describeGroup(groups.length === 1 ? (groups[0] ?? '') : 'the flow copies'),
      signal,
      to: async () => 'any',
      run: (connection) => findAll(connection, groups),
    });
    return found.coordinators;
  }
}

async function findAll(connection: BrokerConnection, groups: string[]): Promise<FoundCoordinators> {
  const whole = wholeAnswer(isFoundCoordinators);
  try {
    return await connection.call(manyGroupsApis.findCoordinators, GROUP_COORDINATOR, groups).catch(whole);
  } catch (error) {
    if (!(error instanceof UnsupportedBrokerError)) throw error;
  }
  const singles = groups.map(async (group) => {
    const { coordinators } = await connection.call(apis.findCoordinator, GROUP_COORDINATOR, [group]).catch(whole);
    return coordinators.map((each) => ({ ...each, key: group }));
  });
  return { coordinators: (await Promise.all(singles)).flat() };
}

function isFoundCoordinators(value: object): value is FoundCoordinators {
  return 'coordinators' in value && Array.isArray(value.coordinators);
}
