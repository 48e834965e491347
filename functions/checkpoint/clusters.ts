import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { ConsumerGroups, type ConsumerGroupsOptions } from '../../shared/adapters/kafka/groups/consumer-groups.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import type { FlowEnd } from '../../shared/config/flow-schema.ts';
import type { GroupCommitter, GroupReader, PartitionLogReader } from '../../shared/groups/ports.ts';
import type { EndOfFlow } from '../connect-end.ts';

export const CLIENT_ID = 'causeway-checkpoint';
/** A broker works on one request of a connection at a time: hundreds of groups are set over several. */
const LANES = 4;

type Groups<O extends number> = GroupReader<O> & GroupCommitter & PartitionLogReader<O>;

export function groupsOf<O extends number>(
  end: FlowEnd,
  { admin }: EndOfFlow,
  options: Pick<ConsumerGroupsOptions<O>, 'toOffset' | 'timeoutMs'>,
): Groups<O> {
  const groups = lazily(async () => {
    const lane = () => connectCluster(end, end.admin, resolveSecret, CLIENT_ID);
    const lanes = await Promise.all(Array.from({ length: LANES - 1 }, lane));
    return new ConsumerGroups(await admin(), { ...options, lanes });
  });
  return {
    list: async () => (await groups()).list(),
    committed: async (ids) => (await groups()).committed(ids),
    commit: async (offsets) => (await groups()).commit(offsets),
    logs: async (partitions) => (await groups()).logs(partitions),
  };
}
