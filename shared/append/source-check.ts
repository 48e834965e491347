import type { SourceOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head } from '../offsets/head.ts';
import { replayFrom } from '../offsets/replay.ts';
import { cutRun } from '../offsets/runs.ts';
import type { Attempt } from './attempt.ts';
import { DeliveryOutdated, SourceTopicReplaced } from './errors.ts';
import type { AppendRecord } from './ports.ts';
import { takeOver } from './take-over.ts';

/** For so long after a new leader deliveries may still come in that were read from the one before. */
const CAUTION_MS = 3_600_000;

/** Once an invocation, and again when HEAD speaks of another leader than the one that this invocation found. */
export function needsSourceCheck<R extends AppendRecord>(attempt: Attempt<R>, head: Head): boolean {
  if (attempt.sourceUnchecked) return true;
  const { sourceLeaderEpoch, grant, nextSource } = head;
  if (sourceLeaderEpoch > attempt.sourceLeaderEpoch) return true;
  if (sourceLeaderEpoch < 0 || sourceLeaderEpoch === attempt.sourceLeaderEpoch) return false;
  // Written by somebody who does not know of the new leader, perhaps past the offset where the log was cut.
  return grant.kind !== 'closed' || nextSource > attempt.sourceCheckedTo;
}

/**
 * Makes sure that the source partition is still the log that HEAD speaks of, asked after the delivery arrived: not a
 * topic made anew (topic id), not a log cut back by an unclean election (leader epochs, as consumers check them), and
 * that the delivery was not read before it was cut.
 */
export async function checkSource<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, source } = attempt.context;
  attempt.sourceUnchecked = true;
  const state = await attempt.ask(source.state());
  if (state.topicId !== head.sourceTopicId) {
    throw new SourceTopicReplaced(partition, head.sourceTopicId, state.topicId);
  }
  const isSameLeader = head.sourceLeaderEpoch < 0 || state.leaderEpoch === head.sourceLeaderEpoch;
  const end = isSameLeader ? undefined : await attempt.ask(source.endOfLeaderEpoch(head.sourceLeaderEpoch));
  if (end !== undefined && end < head.nextSource) return followCut(attempt, head, end, state.leaderEpoch);
  // From `end` on, what the former leader held may be under way to the target under the sequences that are granted now.
  const stillGranted = end !== undefined && head.grant.kind !== 'closed';
  const crosses = stillGranted && (attempt.delivery.records.at(-1)?.offset ?? -1) >= end;
  if (crosses) return takeOver(attempt, head, 'source-leader-changed');
  if (end !== undefined || attempt.now - (head.sourceLeaderSince ?? 0) < CAUTION_MS) {
    await checkDelivery(attempt, head.nextSource);
  }
  attempt.sourceLeaderEpoch = stillGranted ? head.sourceLeaderEpoch : state.leaderEpoch;
  attempt.sourceCheckedTo = head.nextSource;
  attempt.sourceUnchecked = false;
}

/** A log that is cut loses its end: what a delivery has from `from` on is what the source holds if its last record is. */
export async function checkDelivery<R extends AppendRecord>(attempt: Attempt<R>, from: number): Promise<void> {
  const { partition, source } = attempt.context;
  const last = attempt.delivery.last ?? attempt.delivery.records.at(-1);
  if (!last || last.offset < from || (await attempt.ask(source.holds([last])))) return;
  throw new DeliveryOutdated(partition, last.offset);
}

/**
 * Anchors the map anew where the source was cut, whatever this delivery holds: its consumer may not have noticed yet. What
 * the target holds beyond stays there and is in the ledger.
 */
async function followCut<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  end: SourceOffset,
  leaderEpoch: number,
): Promise<void> {
  if (head.grant.kind !== 'closed') return takeOver(attempt, head, 'source-cut-back');
  const at = attempt.now;
  const entry: LedgerEntry = { kind: 'source-divergence', from: end, to: head.nextSource, at };
  const openRun = cutRun(head.openRun, end);
  const leader = { sourceLeaderEpoch: leaderEpoch, sourceLeaderSince: at };
  const cut: Head = { ...replayFrom(head, end, 'source-cut-back'), ...leader, openRun };
  await attempt.writeHead(head, cut, { ledger: [entry], cutFrom: end });
}
