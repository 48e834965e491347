import type { Head, Run } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import { sequenceDistance } from '../offsets/sequence.ts';
import type { Attempt } from './attempt.ts';
import { LogContradictsMap } from './errors.ts';
import { checkTargetTopic, landedIn, scanAhead } from './log-ahead.ts';
import type { AppendRecord, BrokerProducer } from './ports.ts';
import { takeOver } from './take-over.ts';
import { certainUpTo, isTargetCut } from './target-cut.ts';

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
    if (!scan) return takeOver(attempt, head, 'target-cut-back');
    const found = await landedIn(attempt, head, scan.batches);
    if (found.kind === 'stale') return;
    if (found.kind === 'contradiction') {
      if ((await certainUpTo(attempt, head)) < head.nextTarget) return takeOver(attempt, head, 'target-cut-back');
      throw new LogContradictsMap(partition, found.detail);
    }
    if (found.runs.length > 0) {
      const next = withLanded(head, found.runs, -1);
      const written = await attempt.writeHead(head, next.head, { closed: next.closed });
      if (!written) return;
      observer.settled(partition, recordsIn(found.runs));
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
        if (await isTargetCut(attempt, head)) return takeOver(attempt, head, 'target-cut-back');
        // In the leader's log, but not yet below the high watermark: it is not safe there until the followers have it.
        attempt.checkTime('waiting for the followers of the target partition');
        await clock.wait(POLL_MS);
    }
  }
}

function recordsIn(runs: readonly Run[]): number {
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
