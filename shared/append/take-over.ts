import { advance } from '../flow/offset.ts';
import type { Head, Producer, Run } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import type { TakeOverCause } from './context.ts';
import { LogContradictsMap, OldProducerLingers, TargetDiverged, TargetUnsettled } from './errors.ts';
import { checkTargetTopic, landedIn, scanAhead } from './log-ahead.ts';
import type { AppendRecord, LoggedBatch } from './ports.ts';
import { compareToBroker } from './settle.ts';
import { type Footing, firmFooting, settledOn } from './target-cut.ts';

const POLL_MS = 20;

/**
 * Makes the relation of sequences to source offsets free to change: an abort marker of a higher epoch goes into the
 * partition, and from then on the broker itself refuses everything sent before. At most once an invocation.
 */
export async function takeOver<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  cause: TakeOverCause,
): Promise<void> {
  attempt.checkTakeOver(cause);
  if (head.fence.kind === 'waiting') return replaceProducer(attempt, head, head.fence);
  if (head.fence.kind === 'pending') {
    attempt.countTakeOver(cause === 'hold' ? cause : 'found-pending');
    return finish(attempt, head);
  }
  // A HEAD from memory may have seen a hole where there is none: it counts only if nobody has written since.
  const claimed = await attempt.writeHead(head, { ...head, fence: { kind: 'pending' } });
  if (!claimed) return;
  attempt.countTakeOver(cause);
  return finish(attempt, claimed);
}

async function finish<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, target, settings } = attempt.context;
  await checkTargetTopic(attempt, head);
  attempt.checkTime('beginning a take-over');
  const renewedAt = attempt.now;
  const producer = await attempt.ask(target.initProducer());
  if (producer.producerId !== head.producer.producerId) {
    const until = attempt.now + settings.latenessBoundMs + settings.headMemoryMs;
    await attempt.writeHead(head, { ...head, renewedAt, fence: { kind: 'waiting', producer, until } });
    throw new OldProducerLingers(partition, until);
  }
  if ((await attempt.ask(target.requestMarker(producer))) === 'superseded') {
    attempt.forgetHead();
    throw new TargetUnsettled(partition, 'another invocation takes the partition over at the same time');
  }
  const { marker, before, footing } = await awaitMarker(attempt, head, producer);
  const landed = await landedOn(attempt, footing, head, before);
  if (!landed) return;
  const { head: settled, ...more } = settledOn(attempt, footing, head, landed);
  const written = await attempt.writeHead(
    head,
    {
      ...settled,
      producer: marker.producer,
      renewedAt,
      nextSequence: 0,
      fresh: false,
      nextTarget: advance(marker.last, 1),
      targetLeaderEpoch: marker.leaderEpoch,
      grant: { kind: 'closed' },
      fence: { kind: 'none' },
      lastTimestamp: attempt.now,
    },
    more,
  );
  if (written) attempt.level = true;
}

/**
 * Waits until the marker stands in the log: `EndTxn` answers before it does. Whether the log up to there is the one that
 * HEAD speaks of is asked after the marker was seen: from then on nothing of before can be appended.
 */
async function awaitMarker<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  producer: Producer,
): Promise<{ marker: LoggedBatch; before: LoggedBatch[]; footing: Footing }> {
  const { clock } = attempt.context;
  let footing: Footing = { head, unsure: [] };
  for (;;) {
    attempt.checkTime('waiting for the marker of a take-over');
    const { batches } = (await scanAhead(attempt, footing.head)) ?? {};
    const at = batches?.findLastIndex((batch) => isMarker(batch, producer)) ?? -1;
    const marker = batches?.[at];
    if (marker || !batches) {
      const certain = await firmFooting(attempt, head);
      const isFirm = certain.head.nextTarget >= footing.head.nextTarget;
      if (marker && batches && isFirm) return { marker, before: batches.slice(0, at), footing };
      footing = certain;
      if (!isFirm) continue;
    }
    await clock.wait(POLL_MS);
  }
}

/**
 * What the log holds of ours from the footing on; undefined: HEAD was moved on since.
 * @throws TargetDiverged where a log that was cut holds what HEAD cannot tell any more
 */
async function landedOn<R extends AppendRecord>(
  attempt: Attempt<R>,
  footing: Footing,
  head: Head,
  batches: readonly LoggedBatch[],
): Promise<readonly Run[] | undefined> {
  const { partition } = attempt.context;
  const found = await landedIn(attempt, footing.head, batches);
  if (found.kind === 'landed') return found.runs;
  if (found.kind === 'stale') return undefined;
  if (footing.head === head) throw new LogContradictsMap(partition, found.detail);
  throw new TargetDiverged(partition, footing.head.nextTarget, head.nextTarget);
}

function isMarker(batch: LoggedBatch, producer: Producer): boolean {
  return batch.control && batch.producer.producerId === producer.producerId && batch.producer.epoch >= producer.epoch;
}

/**
 * The old producer id could not be fenced; it has been waited out, so the leader's log has all that will ever land of it.
 * What the followers do not have yet is waited for: a marker would stand behind it, here nothing does.
 */
async function replaceProducer<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  fence: { readonly producer: Producer; readonly until: number },
): Promise<void> {
  const { partition, target, clock } = attempt.context;
  if (attempt.now < fence.until) throw new OldProducerLingers(partition, fence.until);
  await checkTargetTopic(attempt, head);
  const known = await attempt.ask(target.describeProducer(head.producer.producerId));
  const footing = await firmFooting(attempt, head);
  const scan = await scanAhead(attempt, footing.head);
  const landed = scan && (await landedOn(attempt, footing, head, scan.batches));
  if (!landed) return;
  const { head: settled, ...more } = settledOn(attempt, footing, head, landed);
  if (footing.head === head && compareToBroker(settled, known) === 'ahead') {
    attempt.checkTime('waiting for the followers of the target partition');
    await clock.wait(POLL_MS);
    return;
  }
  attempt.countTakeOver('found-pending');
  const written = await attempt.writeHead(
    head,
    {
      ...settled,
      producer: fence.producer,
      nextSequence: 0,
      fresh: true,
      grant: { kind: 'closed' },
      fence: { kind: 'none' },
      lastTimestamp: -1,
    },
    more,
  );
  if (written) attempt.level = true;
}
