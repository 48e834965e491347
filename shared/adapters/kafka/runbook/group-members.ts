import type { Untold } from '../../../groups/committed-offsets.ts';
import { type ConsumerGroup, GroupType } from '../../../groups/group.ts';
import type { GroupMember } from '../../../runbook/ports/groups.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { codeOf, wholeAnswer } from '../groups/answer.ts';
import { askCoordinators, type GroupAnswer, type GroupsRequest } from '../groups/ask-coordinators.ts';
import type { GroupCoordinators } from '../groups/coordinators.ts';
import { isPassing } from '../groups/failure-code.ts';
import { runbookApis } from './apis.ts';

const GROUPS_PER_REQUEST = 50;

interface DescribedGroups {
  readonly groups: readonly {
    readonly groupId: string;
    readonly errorCode: number;
    readonly members: readonly { readonly clientId: string; readonly clientHost: string }[];
  }[];
}

type Members = readonly GroupMember[] | Untold;
type Describe = (connection: BrokerConnection, groups: string[]) => Promise<DescribedGroups>;

/** The members of groups of either protocol; those of Kafka Streams' own protocol (KIP-1071) are not told. */
export async function groupMembers(
  coordinators: GroupCoordinators,
  groups: readonly ConsumerGroup[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, Members>> {
  const of = (type: GroupType) => groups.filter((each) => each.type === type).map(({ id }) => id);
  const ask = (ids: readonly string[], describe: Describe) =>
    askCoordinators(coordinators, ids, describing(describe), { timeoutMs, signal: undefined });
  const [classic, consumer] = await Promise.all([
    ask(of(GroupType.Classic), (connection, ids) => connection.call(runbookApis.describeGroups, ids, false)),
    ask(of(GroupType.Consumer), (connection, ids) => connection.call(runbookApis.describeConsumerGroups, ids, false)),
  ]);
  return new Map([...classic, ...consumer]);
}

function describing(describe: Describe): GroupsRequest<Members> {
  return {
    groupsPerRequest: GROUPS_PER_REQUEST,
    send: async (connection, groups) => {
      const answer = await describe(connection, [...groups]).catch(
        wholeAnswer((value): value is DescribedGroups => 'groups' in value && Array.isArray(value.groups)),
      );
      return new Map(
        answer.groups.map(({ groupId, errorCode, members }): [string, GroupAnswer<Members>] => {
          if (errorCode === 0) return [groupId, { value: members.map(read), again: false }];
          const code = codeOf(errorCode);
          return [groupId, { value: { code }, again: isPassing(code) }];
        }),
      );
    },
    failed: (_group, code) => ({ code }),
  };
}

/** Brokers write `/10.0.0.7`. */
function read({ clientId, clientHost }: { readonly clientId: string; readonly clientHost: string }): GroupMember {
  return { clientId, host: clientHost.replace(/^\//, '') };
}
