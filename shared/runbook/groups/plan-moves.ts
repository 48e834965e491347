import { targetOffset } from '../../flow/offset.ts';
import { type CommittedOffset, isTold, type Untold } from '../../groups/committed-offsets.ts';
import { decide } from '../../groups/decide.ts';
import { activityOf } from '../../groups/group.ts';
import type { OffsetToCommit } from '../../groups/ports.ts';
import { type LeftOut, leftOut, Reason } from '../../groups/reason.ts';
import type { MoveFacts } from './move-facts.ts';
import { type Here, type Place, placesOf } from './places.ts';

/** Why a partition keeps its group from being moved, by its name on the cluster that is left. */
export interface MoveFault extends LeftOut {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupMove {
  readonly group: string;
  /** Partitions that flows have and that the group has an offset for. */
  readonly partitions: number;
  /** What is to be set on the other cluster, by its names. */
  readonly commits: readonly OffsetToCommit[];
  /** Of each of `commits`, where a consumer of the cluster that is left reads the same records from there on. */
  readonly origins: readonly (Origin | undefined)[];
  /** Partitions that are where they should be. */
  readonly unchanged: readonly OffsetToCommit[];
  /** Not empty: the group is not moved, not even in part. */
  readonly faults: readonly MoveFault[];
  /** Topics that no flow copies: the group starts in them as it does where it has no offset. */
  readonly notCopied: readonly string[];
  /** Records that it consumes again, at most. */
  readonly readTwice: number;
  /** Offsets that it has consumed and that are not on the other cluster. */
  readonly beyond: number;
}

/** Undefined where the other cluster no longer has what stands there. */
export interface Origin {
  readonly topic: string;
  readonly offset: number;
}

/** Groups that have an offset in a topic of a flow. */
export function planMoves(facts: MoveFacts): GroupMove[] {
  return [...facts.offsets].flatMap(([group, told]) => {
    if (!isTold(told)) return [{ ...NOTHING, group, faults: [untold('', 0, told)] }];
    const move = planGroup(facts, group, told);
    return move.partitions === 0 ? [] : [move];
  });
}

const NOTHING = {
  partitions: 0,
  commits: [],
  origins: [],
  unchanged: [],
  notCopied: [],
  readTwice: 0,
  beyond: 0,
} as const;

type TopicOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset<number> | Untold>>;

function planGroup(facts: MoveFacts, group: string, told: TopicOffsets): GroupMove {
  const [commits, unchanged, faults]: [OffsetToCommit[], OffsetToCommit[], MoveFault[]] = [[], [], []];
  const notCopied = new Set<string>();
  const origins: (Origin | undefined)[] = [];
  let [partitions, readTwice, beyond] = [0, 0, 0];
  for (const [topic, offsets] of told)
    for (const [partition, committed] of offsets) {
      const way = facts.ways.of(topic, partition);
      if (way === undefined) {
        notCopied.add(topic);
        continue;
      }
      partitions++;
      if (!isTold(committed)) {
        faults.push(untold(topic, partition, committed));
        continue;
      }
      for (const place of placesOf(facts, way, { topic, partition }, committed.offset)) {
        const settled = place.kind === 'left-out' ? place : settle(facts, group, { topic, partition }, place);
        if (settled.kind === 'left-out') {
          faults.push({ ...settled, topic, partition });
          continue;
        }
        if (place.kind === 'left-out') continue;
        readTwice += place.readTwice;
        beyond += place.beyond;
        const { topic: there, offset } = place;
        const wanted = { topic: there, partition, offset: targetOffset(offset), metadata: committed.metadata };
        if (settled.kind === 'commit') {
          commits.push(wanted);
          const isCut = offset > 0 && offset === place.log.logStart;
          origins.push(isCut ? undefined : { topic, offset: committed.offset - place.beyond });
        } else unchanged.push({ ...wanted, offset: settled.offset });
      }
    }
  return {
    group,
    partitions,
    commits,
    origins,
    unchanged,
    faults,
    notCopied: [...notCopied].sort(),
    readTwice,
    beyond,
  };
}

/** Whether the group may be set there: only while it has no members there, never behind where it was. */
function settle({ recalled, toListing, toOffsets }: MoveFacts, group: string, here: Here, at: Place) {
  const offsets = toOffsets.get(group) ?? new Map();
  const there = isTold(offsets) ? offsets.get(at.topic)?.get(at.partition) : offsets;
  const known = there && isTold(there) ? { ...there, offset: targetOffset(there.offset) } : there;
  const standing = { activity: activityOf(toListing, group), committed: known };
  const wanted = { kind: 'place', offset: targetOffset(at.offset), beyond: at.beyond } as const;
  const decision = decide(wanted, standing, targetOffset(at.log.logEnd));
  if (decision.kind === 'commit') return decision;
  if (decision.reason === Reason.Unchanged) return { kind: 'unchanged', offset: wanted.offset } as const;
  const isAhead = decision.reason === Reason.AheadOnTarget && known !== undefined && isTold(known);
  if (!isAhead) return decision;
  // In a log of both clusters' records an earlier offset tells of one of their orders only: it may have passed over others.
  if (known.offset - at.offset <= at.readTwice) return { kind: 'commit' } as const;
  // What is known of a lost cluster may be older than what `checkpoint` had committed here: the group goes on from that.
  const ofGroup = recalled.get(group);
  const isRecalled = ofGroup && isTold(ofGroup) && ofGroup.get(here.topic)?.has(here.partition);
  const isOlder = isRecalled && at.readTwice === 0;
  return isOlder ? ({ kind: 'unchanged', offset: known.offset } as const) : decision;
}

function untold(topic: string, partition: number, { code }: Untold): MoveFault {
  return { ...leftOut(Reason.SourceOffsetUnknown, code), topic, partition };
}
