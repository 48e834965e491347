import type { CommitOutcome, OffsetToCommit } from '../../../groups/ports.ts';
import { apis } from '../apis.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { codeOf, wholeAnswer } from './answer.ts';
import type { GroupsRequest } from './ask-coordinators.ts';
import { failureCode, isPassing } from './failure-code.ts';

/** An administrator's commit, which the broker takes only while the group has no members. */
const NO_GENERATION = -1;
const NO_MEMBER = '';
/** The epoch that the source's leader had says nothing of the target's log. */
const NO_LEADER_EPOCH = -1;
/**
 * A request's offsets become one batch of `__consumer_offsets`, which is to stay below its topic's `max.message.bytes`:
 * 1 MiB unless set otherwise.
 */
const MAX_REQUEST_BYTES = 512 * 1024;
/** Of a record beside its texts: headers, key and value prefixes, offset, times; rounded up. */
const RECORD_OVERHEAD_BYTES = 80;

type Outcomes = readonly CommitOutcome[];

export function offsetCommit(commits: ReadonlyMap<string, readonly OffsetToCommit[]>): GroupsRequest<Outcomes> {
  const offsetsOf = (group: string) => commits.get(group) ?? [];
  return {
    groupsPerRequest: 1,
    send: async (connection, groups) => {
      const answered = groups.map(async (group): Promise<[string, { value: Outcomes; again: boolean }]> => {
        const value = await commitGroup(connection, group, offsetsOf(group));
        return [group, { value, again: value.some((each) => each.kind === 'refused' && isPassing(each.code)) }];
      });
      return new Map(await Promise.all(answered));
    },
    failed: (group, code) => offsetsOf(group).map(() => ({ kind: 'refused', code })),
  };
}

async function commitGroup(
  connection: BrokerConnection,
  group: string,
  offsets: readonly OffsetToCommit[],
): Promise<Outcomes> {
  const outcomes: CommitOutcome[] = [];
  for (const part of inRequests(group, offsets)) {
    const sent = await commitPart(connection, group, part).catch((error) => {
      const refused: CommitOutcome = { kind: 'refused', code: failureCode(error) };
      return part.map(() => refused);
    });
    outcomes.push(...sent);
  }
  return outcomes;
}

async function commitPart(
  connection: BrokerConnection,
  group: string,
  offsets: readonly OffsetToCommit[],
): Promise<CommitOutcome[]> {
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition, offset, metadata }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: NO_LEADER_EPOCH,
      committedMetadata: metadata,
    })),
  }));
  const answer = await connection
    .call(apis.offsetCommit, group, NO_GENERATION, NO_MEMBER, null, topics)
    .catch(wholeAnswer(isCommitAnswer));
  const codes = new Map(
    answer.topics.map(({ name, partitions }) => [
      name,
      new Map(partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode])),
    ]),
  );
  return offsets.map(({ topic, partition }) => outcomeOf(codes.get(topic)?.get(partition)));
}

function outcomeOf(errorCode = UNKNOWN_SERVER_ERROR): CommitOutcome {
  return errorCode === 0 ? { kind: 'committed' } : { kind: 'refused', code: codeOf(errorCode) };
}

function* inRequests(group: string, offsets: readonly OffsetToCommit[]): Generator<readonly OffsetToCommit[]> {
  let [from, sizeBytes] = [0, 0];
  for (const [i, { topic, metadata }] of offsets.entries()) {
    const each = RECORD_OVERHEAD_BYTES + group.length + topic.length + 3 * metadata.length;
    if (i > from && sizeBytes + each > MAX_REQUEST_BYTES) {
      yield offsets.slice(from, i);
      [from, sizeBytes] = [i, 0];
    }
    sizeBytes += each;
  }
  if (from < offsets.length) yield offsets.slice(from);
}

interface CommitAnswer {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
  }[];
}

function isCommitAnswer(value: object): value is CommitAnswer {
  return 'topics' in value && Array.isArray(value.topics);
}

const UNKNOWN_SERVER_ERROR = -1;
