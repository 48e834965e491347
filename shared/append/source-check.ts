import { type SourceOffset, sourceOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head } from '../offsets/head.ts';
import { cutRun } from '../offsets/runs.ts';
import type { Attempt } from './attempt.ts';
import { SourceCutBack, SourceTopicReplaced } from './errors.ts';
import type { AppendRecord } from './ports.ts';
import { takeOver } from './take-over.ts';

/**
 * Makes sure that the source partition is still the log that HEAD speaks of, asked after the delivery arrived: not a
 * topic made anew (topic id), not a log cut back by an unclean election (leader epochs, as consumers check them).
 */
export async function checkSource<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<void> {
  const { partition, source } = attempt.context;
  const state = await attempt.ask(source.state());
  if (state.topicId !== head.sourceTopicId) {
    throw new SourceTopicReplaced(partition, head.sourceTopicId, state.topicId);
  }
  if (head.sourceLeaderEpoch < 0 || state.leaderEpoch === head.sourceLeaderEpoch) {
    attempt.sourceLeaderEpoch = state.leaderEpoch;
    attempt.sourceUnchecked = false;
    return;
  }
  const end = await attempt.ask(source.endOfLeaderEpoch(head.sourceLeaderEpoch));
  if (end < head.nextSource) return followCut(attempt, head, end, state.leaderEpoch);
  const beyond = attempt.remaining(head).filter((record) => record.offset >= end);
  const same = beyond.length === 0 || (await attempt.ask(source.holds(beyond)));
  if (!same) {
    const last = beyond.at(-1)?.offset ?? end;
    const entry: LedgerEntry = { kind: 'source-divergence', from: end, to: sourceOffset(last + 1), at: attempt.now };
    const noted = { ...head, sourceLeaderEpoch: state.leaderEpoch };
    if (!(await attempt.writeHead(head, noted, { ledger: [entry] }))) return;
  }
  attempt.sourceLeaderEpoch = state.leaderEpoch;
  attempt.sourceUnchecked = false;
}

/** Anchors the map anew where the source was cut; what the target holds beyond stays there and is in the ledger. */
async function followCut<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  end: SourceOffset,
  leaderEpoch: number,
): Promise<void> {
  const { partition } = attempt.context;
  const { firstOffset } = attempt.delivery;
  if (firstOffset > end) throw new SourceCutBack(partition, end, firstOffset);
  if (head.grant.kind !== 'closed') return takeOver(attempt, head, 'source-cut-back');
  const entry: LedgerEntry = { kind: 'source-divergence', from: end, to: head.nextSource, at: attempt.now };
  const cut = { ...head, nextSource: end, openRun: cutRun(head.openRun, end), sourceLeaderEpoch: leaderEpoch };
  const written = await attempt.writeHead(head, cut, { ledger: [entry], cutFrom: end });
  if (!written) return;
  attempt.sourceLeaderEpoch = leaderEpoch;
  attempt.sourceUnchecked = false;
}
