import { apis } from '../../adapters/kafka/apis.ts';
import type { KafkaCluster } from '../../adapters/kafka/cluster.ts';
import { groupRights } from '../../adapters/kafka/groups/rights.ts';

const WITHOUT_MEMBERS = new Set(['Empty', 'Dead']);

/**
 * Whether a group of Kafka Connect has members. Every broker is asked, as one that is silent may be its coordinator.
 * @throws CausewayError also when one does not answer
 */
export async function hasMembers(cluster: KafkaCluster, group: string): Promise<boolean> {
  const { brokers } = await cluster.metadata([]);
  const listings = [...brokers.keys()].map((broker) =>
    cluster.call({
      request: `ListGroups of broker ${broker}`,
      subject: 'groups',
      needs: groupRights.listGroups(),
      signal: undefined,
      to: async () => broker,
      run: (connection) => connection.call(apis.listGroups, [], []),
    }),
  );
  const groups = (await Promise.all(listings)).flatMap((listing) => listing.groups);
  return groups.some(({ groupId, groupState }) => groupId === group && !WITHOUT_MEMBERS.has(groupState));
}
