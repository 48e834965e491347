import type { Head } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import { rangesOf, runsAt } from '../offsets/runs.ts';
import { newestTimestamp } from '../records/timestamps.ts';
import type { Attempt } from './attempt.ts';
import { RecordTooLarge, TargetUnsettled } from './errors.ts';
import { isOld, leaseAfter } from './lease.ts';
import { checkTargetTopic } from './log-ahead.ts';
import type { AppendRecord } from './ports.ts';
import { type Acknowledged, type Chunk, chunksOf, type SendEnd, send } from './send.ts';
import { takeOver } from './take-over.ts';
import { isTargetCut } from './target-cut.ts';

/** Sends what the grant allows, writes down where it landed. True: that was all of the delivery. */
export async function sendGranted<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  records: readonly R[],
): Promise<boolean> {
  const { target, clock, settings, observer, partition } = attempt.context;
  const chunks = nextChunks(attempt, head, records);
  const complete = chunks.reduce((sum, chunk) => sum + chunk.records.length, 0) === records.length;
  const leased = head.lease !== undefined;
  attempt.inDoubt = true;
  const { acknowledged, end } = await send(target, head.producer, chunks, clock, {
    window: leased ? 1 : settings.window,
    deadline: attempt.lastSend,
    resend: !leased,
    onRetry: (reason) => observer.retried(partition, reason),
  });
  attempt.inDoubt = end.kind === 'unknown';
  if (end.kind === 'refused') {
    attempt.refused(end.reason);
    attempt.mustSettle = true;
    return false;
  }
  if (acknowledged.length > 0) {
    attempt.singleFile = false;
    if (!(await recordLanded(attempt, head, acknowledged))) return false;
  }
  return afterSend(attempt, head, end, complete);
}

/** The chunks that may be sent now: one at a time while the broker may take any sequence (F). */
export function nextChunks<R extends AppendRecord>(attempt: Attempt<R>, head: Head, records: readonly R[]): Chunk<R>[] {
  const { target, settings } = attempt.context;
  const all = chunksOf(records, head.nextSequence, attempt.maxBatchBytes, (record) => target.sizeOf(record));
  const single = head.fresh || attempt.singleFile || isOld(head.lastTimestamp, attempt.now, settings);
  return single ? all.slice(0, 1) : all;
}

async function recordLanded<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  sent: readonly Acknowledged<R>[],
): Promise<boolean> {
  const targetLeaderEpoch = sent[0]?.leaderEpoch ?? head.targetLeaderEpoch;
  const isNewLeader = head.targetLeaderEpoch !== undefined && (targetLeaderEpoch ?? -1) > head.targetLeaderEpoch;
  if (standsBelow(sent, head) || (isNewLeader && (await isTargetCut(attempt, head)))) {
    await checkTargetTopic(attempt, head);
    await takeOver(attempt, head, 'target-cut-back');
    return false;
  }
  const runs = sent.flatMap(({ records, base }) => runsAt(rangesOf(records), base));
  const lastTimestamp = newestTimestamp(sent.at(-1)?.records ?? []);
  const next = withLanded(head, runs, lastTimestamp);
  const left = attempt.remaining(next.head).length;
  const lease = left > 0 ? head.lease : leaseAfter(attempt, head.lease);
  const sourceLeader = attempt.sourceLeader(head);
  const recorded = attempt.afterLeftOut({ ...next.head, ...sourceLeader, targetLeaderEpoch, lease });
  return (await attempt.writeHead(head, recorded, { closed: next.closed })) !== undefined;
}

/** Whether a batch stands where HEAD knows others. */
function standsBelow<R extends AppendRecord>(sent: readonly Acknowledged<R>[], { nextTarget }: Head): boolean {
  let expected: number = nextTarget;
  for (const { records, base } of sent) {
    if (base < expected) return true;
    expected = base + records.length;
  }
  return false;
}

async function afterSend<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  end: SendEnd<R>,
  complete: boolean,
): Promise<boolean> {
  const { partition } = attempt.context;
  switch (end.kind) {
    case 'complete':
      return complete && attempt.end <= ((await attempt.readHead()) ?? head).nextSource;
    case 'refused':
      return false;
    case 'deadline':
      attempt.checkTime('appending');
      attempt.forgetHead();
      return false;
    case 'failed':
      throw end.error;
    case 'unknown':
      if (head.lease || attempt.lastSend === attempt.lastStart) throw new TargetUnsettled(partition, end.reason);
      attempt.forgetHead();
      return false;
    case 'too-large':
      await sendLess(attempt, end.chunk.records);
      return false;
  }
}

/** Smaller batches, down to a single record, which is set aside if the flow says so. */
async function sendLess<R extends AppendRecord>(attempt: Attempt<R>, records: readonly R[]): Promise<void> {
  const { partition, quarantine, settings, target } = attempt.context;
  const [record] = records;
  if (!record) return;
  if (records.length > 1) {
    const size = records.reduce((sum, each) => sum + target.sizeOf(each), 0);
    attempt.lowerBatchLimit(Math.ceil(size / 2));
    return;
  }
  if (settings.recordTooLarge === 'stop') {
    throw new RecordTooLarge(partition, record.offset, target.sizeOf(record), target.maxBatchBytes);
  }
  attempt.setAside.set(record.offset, await attempt.ask(quarantine.put(partition, record)));
}
