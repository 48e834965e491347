import type { TargetOffset } from '../flow/offset.ts';
import { countOf, grantedRanges } from '../offsets/grant.ts';
import type { Head, Run } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import { runsAt } from '../offsets/runs.ts';
import { sequenceDistance } from '../offsets/sequence.ts';
import type { Attempt } from './attempt.ts';
import { LogContradictsMap, TargetDiverged, TargetTopicReplaced } from './errors.ts';
import type { AppendRecord, BrokerProducer, LoggedBatch, LogScan } from './ports.ts';
import { takeOver } from './take-over.ts';

const POLL_MS = 20;

/**
 * Makes HEAD agree with the target's log. The grant says which records our sequences are, the batch headers say where
 * they stand; all else in the log is foreign.
 */
export async function settle<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, target, observer, clock } = attempt.context;
  await checkTargetTopic(attempt, head);
  for (;;) {
    const scan = await scanAhead(attempt, head);
    const landed = await landedIn(attempt, head, scan.batches);
    if (!landed) return;
    if (landed.length > 0) {
      const next = withLanded(head, landed, -1);
      const written = await attempt.writeHead(head, next.head, { closed: next.closed });
      if (!written) return;
      observer.settled(partition, recordsIn(landed));
      attempt.level = true;
      return;
    }
    const known = await attempt.ask(target.describeProducer(head.producer.producerId));
    // Never appended, or forgotten (docs/protocol.md, F and I): any sequence is taken, so one batch at a time.
    if (!known) attempt.singleFile = true;
    switch (compareToBroker(head, known)) {
      case 'level':
        attempt.level = true;
        return;
      case 'behind':
        return takeOver(attempt, head, 'broker-behind');
      case 'higher-epoch': {
        attempt.forgetHead();
        const now = await attempt.readHead();
        if (now?.version === head.version) return takeOver(attempt, head, 'higher-epoch');
        return;
      }
      case 'ahead':
        // In the leader's log, but not yet below the high watermark: it is not safe there until the followers have it.
        attempt.checkTime('waiting for the followers of the target partition');
        await clock.wait(POLL_MS);
    }
  }
}

/**
 * Our batches of HEAD's epoch, as runs. undefined: HEAD was moved on since it was read, and the log with it.
 * @throws LogContradictsMap when the log holds what this very HEAD does not grant
 */
export async function landedIn<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  batches: readonly LoggedBatch[],
): Promise<Run[] | undefined> {
  const runs: Run[] = [];
  let landed = 0;
  for (const batch of batches) {
    if (batch.control || !sameProducer(batch, head)) continue;
    const at = sequenceDistance(head.nextSequence, batch.baseSequence);
    const ranges = grantedRanges(head, landed, batch.count);
    if (at !== landed || countOf(ranges) < batch.count || batch.last - batch.base + 1 !== batch.count) {
      attempt.forgetHead();
      const now = await attempt.readHead();
      if (now?.version !== head.version) return undefined;
      throw new LogContradictsMap(attempt.context.partition, describeMismatch(head, batch, landed));
    }
    runs.push(...runsAt(ranges, batch.base));
    landed += batch.count;
  }
  return runs;
}

export async function checkTargetTopic<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, target } = attempt.context;
  const topicId = await attempt.ask(target.topicId());
  if (topicId !== head.targetTopicId) throw new TargetTopicReplaced(partition, head.targetTopicId, topicId);
}

/**
 * The target's log from `nextTarget` on. A new leader may tell an older high watermark at first (KIP-207); only the
 * log's bounds, which it does not tell until then, show that acknowledged records are gone.
 */
export async function scanAhead<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<LogScan> {
  const { partition, target, clock } = attempt.context;
  for (;;) {
    const scan = await attempt.ask(target.scan(head.nextTarget));
    if (scan.highWatermark >= head.nextTarget) return scan;
    const { highWatermark } = await attempt.ask(target.bounds());
    if (highWatermark < head.nextTarget) throw new TargetDiverged(partition, highWatermark, head.nextTarget);
    attempt.checkTime('waiting for the new leader of the target partition');
    await clock.wait(POLL_MS);
  }
}

export function recordsIn(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.length, 0);
}

/** What the leader remembers, against what HEAD says comes next. It never says what landed: only the log does. */
export function compareToBroker(
  head: Head,
  known: BrokerProducer | undefined,
): 'level' | 'ahead' | 'behind' | 'higher-epoch' {
  if (!known) return 'level';
  if (known.epoch > head.producer.epoch) return 'higher-epoch';
  if (known.epoch < head.producer.epoch) return 'behind';
  const next = known.lastSequence < 0 ? 0 : known.lastSequence + 1;
  const distance = sequenceDistance(head.nextSequence, next);
  if (distance === 0) return 'level';
  return distance > 0 ? 'ahead' : 'behind';
}

function sameProducer(batch: LoggedBatch, head: Head): boolean {
  return batch.producer.producerId === head.producer.producerId && batch.producer.epoch === head.producer.epoch;
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
