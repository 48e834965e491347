import { sourceOffset } from '../flow/offset.ts';
import type { Head, ReplayCause } from '../offsets/head.ts';
import { isReplaying } from '../offsets/replay.ts';
import type { Attempt } from './attempt.ts';
import { MappingBeganLate, SourceCutBack, TargetCutBack } from './errors.ts';
import type { AppendRecord } from './ports.ts';

const LEFT_OUT = {
  'source-cut-back': SourceCutBack,
  'target-cut-back': TargetCutBack,
  'taken-over': MappingBeganLate,
} as const satisfies Record<ReplayCause, unknown>;

/** A delivery that begins above what is due while HEAD's position is set back, and that was not found honest yet. */
export function needsReplayCheck<R extends AppendRecord>(attempt: Attempt<R>, head: Head): boolean {
  const leavesOut = attempt.delivery.firstOffset > head.nextSource;
  return leavesOut && isReplaying(head) && head.nextSource < attempt.nothingDueFrom;
}

/**
 * Makes sure that a delivery leaves out nothing that consumers would get: its consumer group may stand past what HEAD
 * was set back to, and only the source can tell that from a hole.
 * @throws SourceCutBack, TargetCutBack or MappingBeganLate until the group is set back
 */
export async function checkReplay<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, source } = attempt.context;
  const { firstOffset } = attempt.delivery;
  if (await attempt.ask(source.hasRecords(head.nextSource, sourceOffset(firstOffset)))) {
    const LeftOut = LEFT_OUT[head.replay?.cause ?? 'source-cut-back'];
    throw new LeftOut(partition, head.nextSource, firstOffset);
  }
  attempt.nothingDueFrom = head.nextSource;
}
