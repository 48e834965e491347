import { sourceOffset, targetOffset } from '../flow/offset.ts';
import type { Head, Producer, Run } from '../offsets/head.ts';
import type { Position } from './find-position.ts';

/** Packed into one item of at most 400 KB (DynamoDB), with 6 bytes for most; older ones are left out. */
const MAX_RUNS = 20_000;

export interface AdoptedHeadFacts {
  readonly sourceTopicId: string;
  readonly targetTopicId: string;
  readonly producer: Producer;
  /** Asked for before the logs were compared. */
  readonly sourceLeaderEpoch: number;
  /** Whether its source offsets may have holes, as those of a new HEAD. */
  readonly sparse: boolean;
  /** ms since the epoch */
  readonly now: number;
}

/**
 * The first HEAD of a partition that MirrorMaker 2 copied until now: no record was sent under its producer id yet, and the
 * next one of the source goes to the target's end. No leader epoch of the target is known to speak of what is there, so a
 * target that loses its end before Causeway has appended to it stops the partition. Its mapping may have begun wherever it
 * was told to, as after a log that was cut back: a first delivery from above `nextSource` on is compared with the source.
 */
export function adoptedHead(position: Position, facts: AdoptedHeadFacts): { head: Head; closed: readonly Run[] } {
  const { now, sparse, ...known } = facts;
  const head: Head = {
    version: 1,
    ...known,
    renewedAt: now,
    nextSequence: 0,
    fresh: true,
    nextSource: sourceOffset(position.nextSource),
    replay: { cause: 'taken-over', until: sourceOffset(position.nextSource + 1) },
    nextTarget: targetOffset(position.nextTarget),
    openRun: position.runs.at(-1),
    grant: { kind: sparse ? 'closed' : 'open' },
    sparse,
    fence: { kind: 'none' },
    lease: undefined,
    sourceLeaderSince: now,
    lastTimestamp: -1,
  };
  return { head, closed: position.runs.slice(0, -1).slice(-MAX_RUNS) };
}
