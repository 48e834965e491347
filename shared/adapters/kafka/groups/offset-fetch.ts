import type { CommittedOffset, GroupOffsets, Untold } from '../../../groups/committed-offsets.ts';
import { apis, manyGroupsApis } from '../apis.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { UnsupportedBrokerError } from '../errors.ts';
import { codeOf, wholeAnswer } from './answer.ts';
import type { GroupAnswer, GroupsRequest } from './ask-coordinators.ts';
import { isPassing } from './failure-code.ts';

/** So that one answer stays at some megabytes when each of them has thousands of partitions. */
const GROUPS_PER_REQUEST = 50;
/** Offsets that a transaction may still replace are not told (KIP-447). */
const REQUIRE_STABLE = true;
/** The request is not a member's. */
const NO_MEMBER = { memberId: null, memberEpoch: -1 } as const;
const ALL_TOPICS = null;

interface FetchedGroup {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly committedOffset: bigint;
      readonly committedLeaderEpoch: number;
      readonly metadata?: string | null | undefined;
      readonly errorCode: number;
    }[];
  }[];
}

type Offsets<O extends number> = GroupOffsets<O> | Untold;

/** `toOffset` brands what the cluster's brokers tell with the side that it is on. */
export function offsetFetch<O extends number>(toOffset: (value: number) => O): GroupsRequest<Offsets<O>> {
  return {
    groupsPerRequest: GROUPS_PER_REQUEST,
    send: async (connection, groups) => {
      const fetched = await fetchMany(connection, groups).catch((error) => {
        if (error instanceof UnsupportedBrokerError) return fetchOneByOne(connection, groups);
        throw error;
      });
      return new Map([...fetched].map(([group, answer]) => [group, readGroup(answer, toOffset)]));
    },
    failed: (_group, code) => ({ code }),
  };
}

async function fetchMany(connection: BrokerConnection, groups: readonly string[]): Promise<Map<string, FetchedGroup>> {
  const asked = groups.map((groupId) => ({ groupId, ...NO_MEMBER, topics: ALL_TOPICS }));
  const answer = await connection.call(manyGroupsApis.offsetFetch, asked, REQUIRE_STABLE).catch(
    wholeAnswer((value): value is { groups: (FetchedGroup & { groupId: string })[] } => {
      return 'groups' in value && Array.isArray(value.groups);
    }),
  );
  return new Map(answer.groups.map((group) => [group.groupId, group]));
}

/** Before Kafka 3.0. */
async function fetchOneByOne(connection: BrokerConnection, groups: readonly string[]) {
  const fetched = groups.map(async (groupId): Promise<[string, FetchedGroup]> => {
    const asked = [{ groupId, ...NO_MEMBER, topics: ALL_TOPICS }];
    const answer = await connection
      .call(apis.offsetFetch, asked, REQUIRE_STABLE)
      .catch(wholeAnswer((value): value is FetchedGroup => 'topics' in value && Array.isArray(value.topics)));
    return [groupId, answer];
  });
  return new Map(await Promise.all(fetched));
}

function readGroup<O extends number>(group: FetchedGroup, toOffset: (value: number) => O): GroupAnswer<Offsets<O>> {
  if (group.errorCode === GROUP_ID_NOT_FOUND) return { value: new Map(), again: false };
  if (group.errorCode !== 0) {
    const code = codeOf(group.errorCode);
    return { value: { code }, again: isPassing(code) };
  }
  let again = false;
  const topics = new Map<string, Map<number, CommittedOffset<O> | Untold>>();
  for (const { name, partitions } of group.topics) {
    const offsets = new Map<number, CommittedOffset<O> | Untold>();
    for (const { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode } of partitions) {
      if (errorCode !== 0) offsets.set(partitionIndex, { code: codeOf(errorCode) });
      else if (committedOffset >= 0n) {
        const offset = toOffset(Number(committedOffset));
        offsets.set(partitionIndex, { offset, leaderEpoch: committedLeaderEpoch, metadata: metadata ?? '' });
      }
      again ||= errorCode === UNSTABLE_OFFSET_COMMIT;
    }
    if (offsets.size > 0) topics.set(name, offsets);
  }
  return { value: topics, again };
}

const GROUP_ID_NOT_FOUND = 69;
const UNSTABLE_OFFSET_COMMIT = 88;
