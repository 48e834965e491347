import type { SourceOffset } from '../flow/offset.ts';
import type { Head, ReplayCause } from './head.ts';

/**
 * Whether `nextSource` was set back and has not reached where it was: consumers have been past it, so a delivery that
 * begins above it may have left out records that are due.
 */
export function isReplaying(head: Head): head is Head & { readonly replay: NonNullable<Head['replay']> } {
  return head.replay !== undefined && head.nextSource < head.replay.until;
}

/** HEAD with `nextSource` set back; what was being replayed before is so still. */
export function replayFrom(head: Head, nextSource: SourceOffset, cause: ReplayCause): Head {
  const until = isReplaying(head) ? head.replay.until : head.nextSource;
  return { ...head, nextSource, replay: { cause, until } };
}
