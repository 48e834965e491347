import type { LogRange } from '../../groups/ports.ts';
import { type LeftOut, leftOut, Reason } from '../../groups/reason.ts';
import type { CrossTranslation } from './cross-translation.ts';

/**
 * One topic that both clusters write to and both flows copy under its own name. On `to` stand copies of what was written
 * on `from`, and records of `to` itself, in one log.
 */
export interface SharedLog {
  /** Where the group is by the map of the flow `from` -> `to`. */
  readonly copies: CrossTranslation;
  /** Where it is by the map of the flow `to` -> `from`: the first of `to`'s own records that it has not read as a copy. */
  readonly own: CrossTranslation;
  /** Where the next copy goes on `to`; undefined: there is none yet. */
  readonly copiesEnd: number | undefined;
  /** From there up to `copiesEnd` there is nothing but copies; undefined: not known. */
  readonly copiesFrom: number | undefined;
  readonly log: LogRange<number>;
}

export interface MergedPosition {
  readonly kind: 'position';
  readonly offset: number;
  /** Records at or after `offset` that the group has consumed: at most so many. */
  readonly readTwice: number;
  /** Offsets that it has consumed on `from` and that are not in `to`. */
  readonly beyond: number;
}

/**
 * The smallest offset on `to` that the group has not consumed: nothing is skipped, and as the records of both clusters
 * stand in another order there than on `from`, some may be read twice. None after a drained switchover.
 *
 * A copy is consumed when its original lies before the group's offset, one of `to`'s own when its copy does. Both flows
 * copy in order, so the first that is not consumed of either kind tells all of them.
 */
export function mergedPosition({ copies, own, copiesEnd, copiesFrom, log }: SharedLog): MergedPosition | LeftOut {
  const copy = firstUnread(copies, log);
  if (typeof copy !== 'number') return copy;
  const record = firstUnread(own, log);
  if (typeof record !== 'number') return record;
  const end = copiesEnd ?? log.logStart;
  const allCopiesRead = copy >= end;
  const offset = allCopiesRead ? pastCopies(record, copiesFrom, end) : Math.min(copy, record);
  if (offset > log.logEnd) return leftOut(Reason.PastTargetEnd, `offset ${offset}, log end ${log.logEnd}`);
  const position = Math.max(offset, log.logStart);
  return {
    kind: 'position',
    offset: position,
    readTwice: Math.max(0, Math.min(Math.max(copy, record), log.logEnd) - position),
    beyond: copies.kind === 'clamped' ? copies.beyond : 0,
  };
}

/** All copies are consumed: where nothing else stands up to their end, it begins there. */
function pastCopies(record: number, from: number | undefined, end: number): number {
  return from !== undefined && record >= from && record < end ? end : record;
}

function firstUnread(found: CrossTranslation, { logStart }: LogRange<number>): number | LeftOut {
  switch (found.kind) {
    case 'exact':
    case 'clamped':
      return found.offset;
    case 'unmapped':
      return logStart;
    case 'too-old':
      if (found.nearest.to <= logStart) return logStart;
      return leftOut(Reason.OlderThanMap, `nearest: ${found.nearest.from} is ${found.nearest.to} there`);
    case 'unreadable':
      return leftOut(Reason.MapUnreadable, found.code);
  }
}
