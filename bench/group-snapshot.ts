import type { Admin } from 'kafkajs';
import { withAdmin } from '../local/kafka/clients.ts';

/** A consumer group as its brokers tell it. */
export interface GroupSnapshot {
  readonly group: string;
  readonly state: string;
  /** Member ids: a group that was rebalanced or joined has others. */
  readonly members: readonly string[];
  /** `topic-partition` to `offset metadata`; of a group that consumes, offsets go on. */
  readonly committed: Readonly<Record<string, string>>;
}

/** All groups of a cluster, in the order of their names. */
export function groupsOn(servers: string): Promise<readonly GroupSnapshot[]> {
  return withAdmin(servers, async (admin) => {
    const { groups } = await admin.listGroups();
    const names = groups.map(({ groupId }) => groupId).sort();
    const described = names.length === 0 ? [] : (await admin.describeGroups(names)).groups;
    const snapshots: GroupSnapshot[] = [];
    for (const group of names) {
      const found = described.find(({ groupId }) => groupId === group);
      const members = (found?.members ?? []).map(({ memberId }) => memberId).sort();
      snapshots.push({ group, state: found?.state ?? '', members, committed: await committed(admin, group) });
    }
    return snapshots;
  });
}

async function committed(admin: Admin, groupId: string): Promise<GroupSnapshot['committed']> {
  const topics = await admin.fetchOffsets({ groupId });
  const entries = topics.flatMap(({ topic, partitions }) =>
    partitions.map(
      ({ partition, offset, metadata }) => [`${topic}-${partition}`, `${offset} ${metadata ?? ''}`] as const,
    ),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
