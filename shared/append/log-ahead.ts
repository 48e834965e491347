import type { TargetOffset } from '../flow/offset.ts';
import { countOf, grantedRanges } from '../offsets/grant.ts';
import type { Head, Run } from '../offsets/head.ts';
import { runsAt } from '../offsets/runs.ts';
import { sequenceDistance } from '../offsets/sequence.ts';
import type { Attempt } from './attempt.ts';
import { TargetTopicReplaced } from './errors.ts';
import type { AppendRecord, LoggedBatch, LogScan } from './ports.ts';

const POLL_MS = 20;

export async function checkTargetTopic<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, target } = attempt.context;
  const topicId = await attempt.ask(target.topicId());
  if (topicId !== head.targetTopicId) throw new TargetTopicReplaced(partition, head.targetTopicId, topicId);
}

/**
 * The target's log from `nextTarget` on; undefined: it ends below, acknowledged records are gone. A new leader may tell an
 * older high watermark at first (KIP-207); only the log's bounds, which it does not tell until then, show that.
 */
export async function scanAhead<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<LogScan | undefined> {
  const { target, clock } = attempt.context;
  for (;;) {
    const scan = await attempt.ask(target.scan(head.nextTarget));
    if (scan.highWatermark >= head.nextTarget) return scan;
    const { highWatermark } = await attempt.ask(target.bounds());
    if (highWatermark < head.nextTarget) return undefined;
    attempt.checkTime('waiting for the new leader of the target partition');
    await clock.wait(POLL_MS);
  }
}

/** What a log ahead of HEAD holds of ours. stale: HEAD was moved on since it was read, and the log with it. */
export type Landed =
  | { readonly kind: 'landed'; readonly runs: readonly Run[] }
  | { readonly kind: 'stale' }
  /** The log holds what this very HEAD does not grant. */
  | { readonly kind: 'contradiction'; readonly detail: string };

/** The grant says which records our sequences are, the batch headers say where they stand; all else is foreign. */
export async function landedIn<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  batches: readonly LoggedBatch[],
): Promise<Landed> {
  const runs: Run[] = [];
  let landed = 0;
  for (const batch of batches) {
    if (batch.control || batch.producer.producerId !== head.producer.producerId) continue;
    const ranges = grantedRanges(head, landed, batch.count);
    if (!isDue(batch, head, landed) || countOf(ranges) < batch.count) {
      attempt.forgetHead();
      const now = await attempt.readHead();
      if (now?.version !== head.version) return { kind: 'stale' };
      return { kind: 'contradiction', detail: describeMismatch(head, batch, landed) };
    }
    runs.push(...runsAt(ranges, batch.base));
    landed += batch.count;
  }
  return { kind: 'landed', runs };
}

function isDue({ producer, base, last, baseSequence, count }: LoggedBatch, head: Head, landed: number): boolean {
  if (producer.epoch !== head.producer.epoch || base < head.nextTarget) return false;
  return sequenceDistance(head.nextSequence, baseSequence) === landed && last - base + 1 === count;
}

function describeMismatch(head: Head, batch: LoggedBatch, landed: number): string {
  return (
    `at ${offsets(batch.base, batch.last)} stand ${batch.count} records from sequence ${batch.baseSequence}, where ` +
    `record ${landed + 1} of a ${head.grant.kind} grant from sequence ${head.nextSequence} was due`
  );
}

function offsets(from: TargetOffset, to: TargetOffset): string {
  return from === to ? `offset ${from}` : `offsets ${from}-${to}`;
}
