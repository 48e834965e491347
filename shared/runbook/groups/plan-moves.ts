import { targetOffset } from '../../flow/offset.ts';
import { type CommittedOffset, isTold, type OffsetsOfGroups, type Untold } from '../../groups/committed-offsets.ts';
import { decide } from '../../groups/decide.ts';
import { activityOf, type GroupListing } from '../../groups/group.ts';
import {
  type OffsetMapView,
  type OffsetToCommit,
  type PartitionLog,
  type PartitionLogs,
  UNKNOWN_PARTITION,
} from '../../groups/ports.ts';
import { type LeftOut, leftOut, Reason } from '../../groups/reason.ts';
import type { Heads } from '../ports/flow.ts';
import { byBackwardMap, byForwardMap } from './cross-translation.ts';
import { type MergedPosition, mergedPosition } from './merged-position.ts';
import { positionOf } from './position.ts';
import { type CrossingPartition, isShared, type Ways } from './ways.ts';

/** Everything that says where groups go on. */
export interface MoveFacts {
  readonly ways: Ways;
  /** Of the groups on the cluster that is left, by its names. */
  readonly offsets: OffsetsOfGroups<number>;
  readonly forwardMap: OffsetMapView;
  /** Of the flow that goes the way of the runbook, where it shares a topic with the one that comes back. */
  readonly heads: Heads;
  readonly backwardMap: OffsetMapView | undefined;
  /** Undefined while the cluster that is left does not answer. */
  readonly fromLogs: PartitionLogs<number> | undefined;
  readonly toLogs: PartitionLogs<number>;
  readonly toListing: GroupListing;
  readonly toOffsets: OffsetsOfGroups<number>;
}

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
        const settled = place.kind === 'left-out' ? place : settle(facts, group, place);
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
        } else unchanged.push(wanted);
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

interface Here {
  /** Name on the cluster that is left. */
  readonly topic: string;
  readonly partition: number;
}

/** A position in a partition of the cluster that is moved to. */
interface Place extends MergedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly log: PartitionLog<number>;
}

function* placesOf(facts: MoveFacts, way: CrossingPartition, here: Here, asked: number): Generator<Place | LeftOut> {
  const { forward, backward } = way;
  const { partition } = here;
  if (forward && backward && isShared(way)) {
    const at = forward.remoteTopic;
    yield place(facts, at, partition, (log) => {
      const faults = [
        madeAnew(facts, facts.forwardMap, forward.topic, here, log, 'forward'),
        facts.backwardMap && madeAnew(facts, facts.backwardMap, backward.topic, here, log, 'backward'),
      ];
      const head = facts.heads.get(forward.topic)?.get(partition);
      const copied = head && isTold(head) ? head : undefined;
      return (
        faults.find((fault) => fault !== undefined) ??
        mergedPosition({
          copies: byForwardMap(facts.forwardMap, forward.topic, partition, asked),
          own: backwards(facts, backward.topic, partition, asked),
          copiesEnd: copied?.nextTarget,
          copiesFrom: copied?.runStart,
          log,
        })
      );
    });
    return;
  }
  const from = logIn(facts.fromLogs, here.topic, partition);
  if (forward)
    yield place(facts, forward.remoteTopic, partition, (log) => {
      const found = byForwardMap(facts.forwardMap, forward.topic, partition, asked);
      return (
        madeAnew(facts, facts.forwardMap, forward.topic, here, log, 'forward') ?? positionOf(asked, found, from, log)
      );
    });
  if (backward)
    yield place(facts, backward.topic, partition, (log) => {
      const found = backwards(facts, backward.topic, partition, asked);
      const fault = facts.backwardMap && madeAnew(facts, facts.backwardMap, backward.topic, here, log, 'backward');
      return fault ?? positionOf(asked, found, from, log);
    });
}

function backwards({ backwardMap }: MoveFacts, topic: string, partition: number, asked: number) {
  return backwardMap === undefined
    ? ({ kind: 'unreadable', code: 'OFFSET_MAP_AWAY' } as const)
    : byBackwardMap(backwardMap, topic, partition, asked);
}

function place(
  { toLogs }: MoveFacts,
  topic: string,
  partition: number,
  find: (log: PartitionLog<number>) => MergedPosition | LeftOut,
): Place | LeftOut {
  const log = toLogs.get(topic)?.get(partition);
  if (log === undefined) return leftOut(Reason.NoRemotePartition);
  if (!isTold(log))
    return log.code === UNKNOWN_PARTITION
      ? leftOut(Reason.NoRemotePartition)
      : leftOut(Reason.TargetLogUnknown, log.code);
  const found = find(log);
  return found.kind === 'left-out' ? found : { ...found, topic, partition, log };
}

function logIn(logs: PartitionLogs<number> | undefined, topic: string, partition: number) {
  const log = logs?.get(topic)?.get(partition);
  return log && isTold(log) ? log : undefined;
}

function madeAnew(
  { fromLogs }: MoveFacts,
  map: OffsetMapView,
  topic: string,
  { topic: here, partition }: Here,
  to: PartitionLog<number>,
  way: 'forward' | 'backward',
): LeftOut | undefined {
  const ids = map.topicIds(topic, partition);
  if (ids === undefined) return undefined;
  const [idHere, idThere] = way === 'forward' ? [ids.source, ids.target] : [ids.target, ids.source];
  const from = logIn(fromLogs, here, partition);
  if (from && from.topicId !== idHere) return leftOut(Reason.TopicMadeAnew, 'on the cluster that is left');
  return to.topicId === idThere ? undefined : leftOut(Reason.TopicMadeAnew, 'on the cluster that is moved to');
}

/** Whether the group may be set there: only while it has no members there, never behind where it was. */
function settle({ toListing, toOffsets }: MoveFacts, group: string, at: Place) {
  const offsets = toOffsets.get(group) ?? new Map();
  const there = isTold(offsets) ? offsets.get(at.topic)?.get(at.partition) : offsets;
  const known = there && isTold(there) ? { ...there, offset: targetOffset(there.offset) } : there;
  const standing = { activity: activityOf(toListing, group), committed: known };
  const wanted = { kind: 'place', offset: targetOffset(at.offset), beyond: at.beyond } as const;
  const decision = decide(wanted, standing, targetOffset(at.log.logEnd));
  if (decision.kind === 'commit') return decision;
  if (decision.reason === Reason.Unchanged) return { kind: 'unchanged' } as const;
  // In a log of both clusters' records an earlier offset tells of one of their orders only: it may have passed over others.
  const ahead = decision.reason === Reason.AheadOnTarget && known && isTold(known) && known.offset - at.offset;
  return ahead && ahead <= at.readTwice ? ({ kind: 'commit' } as const) : decision;
}

function untold(topic: string, partition: number, { code }: Untold): MoveFault {
  return { ...leftOut(Reason.SourceOffsetUnknown, code), topic, partition };
}
