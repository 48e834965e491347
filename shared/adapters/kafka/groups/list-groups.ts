import { type ConsumerGroup, type GroupListing, GroupType, type SilentBroker } from '../../../groups/group.ts';
import { apis } from '../apis.ts';
import type { KafkaCluster } from '../cluster.ts';
import { failureCode } from './failure-code.ts';
import { groupRights } from './rights.ts';

/** Protocol types of groups that consume: with members, and with nothing but offsets that somebody committed. */
const CONSUMER_PROTOCOLS = new Set(['consumer', '']);

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  /** Absent before Kafka 3.8. */
  readonly groupType?: string;
}

/** One request to every broker: each knows the groups that it coordinates. */
export async function listGroups(cluster: KafkaCluster, signal: AbortSignal): Promise<GroupListing> {
  const { brokers } = await cluster.metadata([], signal);
  const groups = new Map<string, ConsumerGroup>();
  const silentBrokers: SilentBroker[] = [];
  const listings = [...brokers.keys()].map(async (broker) => {
    try {
      for (const listed of await listAt(cluster, broker, signal)) {
        const group = consumerGroup(listed);
        if (group) groups.set(group.id, group);
      }
    } catch (error) {
      silentBrokers.push({ broker, code: failureCode(error) });
    }
  });
  await Promise.all(listings);
  return { groups, silentBrokers };
}

async function listAt(cluster: KafkaCluster, broker: number, signal: AbortSignal): Promise<readonly ListedGroup[]> {
  const { groups } = await cluster.call({
    request: `ListGroups of broker ${broker}`,
    subject: 'consumer groups',
    needs: groupRights.listGroups(),
    signal,
    to: async () => broker,
    run: (connection) => connection.call(apis.listGroups, [], []),
  });
  return groups;
}

/** Undefined for groups that commit no offsets: share groups, Kafka Connect's workers, schema registries. */
export function consumerGroup({
  groupId,
  protocolType,
  groupState,
  groupType,
}: ListedGroup): ConsumerGroup | undefined {
  const type = Object.values(GroupType).find((each) => each === groupType?.toLowerCase());
  if (groupType && type === undefined) return undefined;
  const commits = type === GroupType.Consumer || type === GroupType.Streams || CONSUMER_PROTOCOLS.has(protocolType);
  return commits ? { id: groupId, type: type ?? GroupType.Classic, state: groupState } : undefined;
}
