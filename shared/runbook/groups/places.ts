import { isTold } from '../../groups/committed-offsets.ts';
import { type OffsetMapView, type PartitionLog, type PartitionLogs, UNKNOWN_PARTITION } from '../../groups/ports.ts';
import { type LeftOut, leftOut, Reason } from '../../groups/reason.ts';
import { byBackwardMap, byForwardMap } from './cross-translation.ts';
import { type MergedPosition, mergedPosition } from './merged-position.ts';
import type { MoveFacts } from './move-facts.ts';
import { positionOf } from './position.ts';
import { type CrossingPartition, isShared } from './ways.ts';

/** A partition of the cluster that is left. */
export interface Here {
  /** Name on the cluster that is left. */
  readonly topic: string;
  readonly partition: number;
}

/** A position in a partition of the cluster that is moved to. */
export interface Place extends MergedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly log: PartitionLog<number>;
}

/** Where a group that is at `asked` goes on, in each topic that has records of the partition; or why that is not known. */
export function* placesOf(
  facts: MoveFacts,
  way: CrossingPartition,
  here: Here,
  asked: number,
): Generator<Place | LeftOut> {
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
