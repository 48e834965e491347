import type { LogRange } from '../../groups/ports.ts';
import { type LeftOut, leftOut, Reason } from '../../groups/reason.ts';
import type { CrossTranslation } from './cross-translation.ts';
import type { MergedPosition } from './merged-position.ts';

/**
 * Where a group goes on in a log whose records all came by one flow: the rule of `groups/place.ts`, whichever way the map
 * is read. Nothing is skipped, and only what is not on `to` yet (`beyond`) may be read again.
 * @param from undefined while that cluster does not answer
 */
export function positionOf(
  asked: number,
  found: CrossTranslation,
  from: LogRange<number> | undefined,
  to: LogRange<number>,
): MergedPosition | LeftOut {
  if (from !== undefined && asked > from.logEnd)
    return leftOut(Reason.SourceOffsetPastEnd, `offset ${asked}, log end ${from.logEnd}`);
  switch (found.kind) {
    case 'exact':
      return within(to, found.offset, 0);
    case 'clamped':
      return within(to, found.offset, found.beyond);
    case 'too-old':
      if (found.nearest.to <= to.logStart) return within(to, found.nearest.to, 0);
      return leftOut(Reason.OlderThanMap, `nearest: ${found.nearest.from} is ${found.nearest.to} there`);
    case 'unmapped':
      // Nothing was ever copied, so whatever comes there is still to be read.
      return to.logStart === to.logEnd ? within(to, to.logEnd, 0) : leftOut(Reason.NothingReplicated);
    case 'unreadable':
      return leftOut(Reason.MapUnreadable, found.code);
  }
}

function within({ logStart, logEnd }: LogRange<number>, offset: number, beyond: number): MergedPosition | LeftOut {
  if (offset > logEnd) return leftOut(Reason.PastTargetEnd, `offset ${offset}, log end ${logEnd}`);
  return { kind: 'position', offset: Math.max(offset, logStart), readTwice: 0, beyond };
}
