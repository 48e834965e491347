import { advance } from '../flow/offset.ts';
import type { Head, Producer } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import type { Attempt } from './attempt.ts';
import type { TakeOverCause } from './context.ts';
import { OldProducerLingers, TargetUnsettled } from './errors.ts';
import type { AppendRecord, LoggedBatch } from './ports.ts';
import { checkTargetTopic, compareToBroker, landedIn, scanAhead } from './settle.ts';

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
    attempt.countTakeOver('found-pending');
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
  const { marker, before } = await awaitMarker(attempt, head, producer);
  const landed = await landedIn(attempt, head, before);
  if (!landed) return;
  const next = withLanded(head, landed, -1);
  const written = await attempt.writeHead(
    head,
    {
      ...next.head,
      producer: marker.producer,
      renewedAt,
      nextSequence: 0,
      fresh: false,
      nextTarget: advance(marker.last, 1),
      grant: { kind: 'closed' },
      fence: { kind: 'none' },
      lastTimestamp: attempt.now,
    },
    { closed: next.closed },
  );
  if (written) attempt.level = true;
}

/** Waits until the marker stands in the log: `EndTxn` answers before it does. */
async function awaitMarker<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  producer: Producer,
): Promise<{ marker: LoggedBatch; before: LoggedBatch[] }> {
  const { clock } = attempt.context;
  for (;;) {
    const scan = await scanAhead(attempt, head);
    const at = scan.batches.findLastIndex((batch) => isMarker(batch, producer));
    const marker = scan.batches[at];
    if (marker) return { marker, before: scan.batches.slice(0, at) };
    attempt.checkTime('waiting for the marker of a take-over');
    await clock.wait(POLL_MS);
  }
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
  const scan = await scanAhead(attempt, head);
  const landed = await landedIn(attempt, head, scan.batches);
  if (!landed) return;
  const next = withLanded(head, landed, -1);
  if (compareToBroker(next.head, known) === 'ahead') {
    attempt.checkTime('waiting for the followers of the target partition');
    await clock.wait(POLL_MS);
    return;
  }
  attempt.countTakeOver('found-pending');
  const written = await attempt.writeHead(
    head,
    {
      ...next.head,
      producer: fence.producer,
      nextSequence: 0,
      fresh: true,
      grant: { kind: 'closed' },
      fence: { kind: 'none' },
      lastTimestamp: -1,
    },
    { closed: next.closed },
  );
  if (written) attempt.level = true;
}
