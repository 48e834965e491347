import { type SourceOffset, sourceOffset, targetOffset } from '../flow/offset.ts';
import { dueOf } from '../offsets/due.ts';
import type { Head } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import { TargetNotEmpty } from './errors.ts';
import { firstLease } from './lease.ts';
import type { AppendRecord } from './ports.ts';
import { checkDelivery } from './source-check.ts';

/**
 * Begins the offset map of a partition. The first record ever delivered is where it begins, as Lambda commits nothing
 * before HEAD exists, so that every redelivery begins there too; but not before the offset that was noted as the first to be
 * copied. A group whose commits have expired is delivered what stands before that, and it is dropped.
 */
export async function createHead<R extends AppendRecord>(attempt: Attempt<R>): Promise<void> {
  const { partition, target, source, heads, settings } = attempt.context;
  const [bounds, targetTopicId, state, nextSource] = await attempt.ask(
    Promise.all([target.bounds(), target.topicId(), source.state(), firstDue(attempt)]),
  );
  const mayHold = settings.targetMayHoldRecords || bounds.highWatermark === 0;
  if (!mayHold && !(await continuesTopic(attempt, targetTopicId))) {
    // Whoever wrote these may have made HEAD since it was looked for: HEAD comes before the first record.
    const head = await attempt.ask(heads.read(partition));
    if (!head) throw new TargetNotEmpty(partition, bounds.highWatermark);
    attempt.forgetHead();
    return;
  }
  await checkDelivery(attempt, 0);
  const { now } = attempt;
  const producer = await attempt.ask(target.initProducer());
  const head: Head = {
    version: 1,
    sourceTopicId: state.topicId,
    targetTopicId,
    producer,
    nextSequence: 0,
    fresh: true,
    renewedAt: now,
    nextSource,
    nextTarget: targetOffset(bounds.highWatermark),
    openRun: undefined,
    grant: { kind: settings.initialGrant },
    sparse: settings.initialGrant === 'closed',
    fence: { kind: 'none' },
    lease: firstLease(attempt),
    sourceLeaderEpoch: state.leaderEpoch,
    sourceLeaderSince: attempt.now,
    lastTimestamp: -1,
  };
  await attempt.writeHead(undefined, head);
}

async function firstDue<R extends AppendRecord>({ context, delivery }: Attempt<R>): Promise<SourceOffset> {
  const { partition, source } = context;
  const { firstOffset } = delivery;
  if (dueOf(partition, undefined) <= firstOffset) return sourceOffset(firstOffset);
  return sourceOffset(Math.max(firstOffset, dueOf(partition, undefined, await source.logEnd())));
}

/** Whether an earlier generation, of a source topic since made anew, was copied into this very remote topic. */
async function continuesTopic<R extends AppendRecord>(attempt: Attempt<R>, targetTopicId: string): Promise<boolean> {
  const { partition, heads } = attempt.context;
  for (let generation = partition.generation - 1; generation > 0; generation--) {
    const head = await attempt.ask(heads.read({ ...partition, generation }));
    if (head) return head.targetTopicId === targetTopicId;
  }
  return false;
}
