import { type SourceOffset, sourceOffset, targetOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { remainingGrant } from '../offsets/grant.ts';
import type { Head, Run, SourceRange } from '../offsets/head.ts';
import { withLanded } from '../offsets/landed.ts';
import { replayFrom } from '../offsets/replay.ts';
import { cutRunAt, endOfRun, fromTarget } from '../offsets/runs.ts';
import { advanceSequence } from '../offsets/sequence.ts';
import type { Attempt } from './attempt.ts';
import { TargetDiverged } from './errors.ts';
import { landedIn, scanAhead } from './log-ahead.ts';
import type { AppendRecord } from './ports.ts';

/** Keeps a ledger entry below DynamoDB's 400 KB an item; the last range then spans all that is left, holes too. */
const MAX_LOST_RANGES = 5_000;

/** HEAD as of an offset up to which the target's log is certain, and what the map says of the log from there on. */
export interface Footing {
  readonly head: Head;
  readonly unsure: readonly Run[];
}

/**
 * The lowest offset from which on the target's log may be another one than HEAD speaks of. Records are lost only by an
 * election, which begins a leader epoch above any that was seen before, so up to the end of those nothing was.
 * @throws TargetDiverged where no leader epoch is known and the log ends below what was acknowledged
 */
export async function certainUpTo<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<number> {
  const { partition, target } = attempt.context;
  const { targetLeaderEpoch = -1, nextTarget, openRun } = head;
  if (targetLeaderEpoch >= 0)
    return Math.min(nextTarget, await attempt.ask(target.endOfLeaderEpoch(targetLeaderEpoch)));
  const { highWatermark } = await attempt.ask(target.bounds());
  if (highWatermark >= nextTarget) return nextTarget;
  if (openRun) throw new TargetDiverged(partition, highWatermark, nextTarget);
  return 0;
}

/**
 * Whether the log below `nextTarget` is another one than HEAD speaks of. A leader epoch that was not known may have begun
 * below it without a loss: then the log itself tells.
 */
export async function isTargetCut<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<boolean> {
  const footing = await firmFooting(attempt, head);
  if (footing.head === head) return false;
  const scan = await scanAhead(attempt, footing.head);
  const found = scan && (await landedIn(attempt, footing.head, scan.batches));
  if (found?.kind === 'stale') return false;
  if (found?.kind !== 'landed') return true;
  const [before, now] = [targetsOf(footing.unsure), targetsOf(found.runs)];
  const next = now[before.length] ?? head.nextTarget;
  return next < head.nextTarget || before.some((target, i) => now[i] !== target);
}

function targetsOf(runs: readonly Run[]): number[] {
  return runs.flatMap(({ target, length }) => Array.from({ length }, (_, i) => target + i));
}

/**
 * Sets HEAD back to where the target's log is certain, with a grant of what was sent since and of what may be under way:
 * what the log holds of it can then be told by its sequences, as ever (A).
 */
export async function firmFooting<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<Footing> {
  const from = targetOffset(await certainUpTo(attempt, head));
  if (from === head.nextTarget) return { head, unsure: [] };
  const stored = await attempt.storedRuns(from);
  const unsure = fromTarget(head.openRun ? [...stored, head.openRun] : stored, from);
  const sent = unsure.reduce((sum, { length }) => sum + length, 0);
  return {
    head: {
      ...head,
      nextSequence: advanceSequence(head.nextSequence, -sent),
      nextSource: unsure[0]?.source ?? head.nextSource,
      nextTarget: from,
      openRun: cutRunAt(head.openRun, from),
      grant: { kind: 'intent', ranges: [...unsure.map(rangeOf), ...grantedBeyond(head)] },
    },
    unsure,
  };
}

/** HEAD, and what is to be written with it, once the log from the footing on is known to hold `landed` and no more. */
export function settledOn<R extends AppendRecord>(
  attempt: Attempt<R>,
  { head: from, unsure }: Footing,
  before: Head,
  landed: readonly Run[],
): { head: Head; closed: Run[]; ledger: LedgerEntry[]; cutFrom?: SourceOffset } {
  const { head, closed } = withLanded(from, landed, -1);
  if (from === before) return { head, closed, ledger: [] };
  const cut = unsure[0] && { cutFrom: unsure[0].source };
  const found = landed.reduce((sum, { length }) => sum + length, 0);
  const sent: SourceRange[] = unsure.map(rangeOf);
  const lost = remainingGrant({ kind: 'intent', ranges: sent }, found);
  const [first] = lost.kind === 'intent' ? lost.ranges : [];
  if (lost.kind !== 'intent' || !first) {
    const nextSource = sourceOffset(Math.max(head.nextSource, before.nextSource));
    return { head: { ...head, nextSource }, closed, ledger: [], ...cut };
  }
  const entry: LedgerEntry = {
    kind: 'target-divergence',
    from: first.from,
    to: endOfRun(unsure.at(-1) ?? unsure[0] ?? { source: first.from, target: head.nextTarget, length: 0 }),
    logEnd: head.nextTarget,
    nextTarget: before.nextTarget,
    lost: shortened(lost.ranges),
    at: attempt.now,
  };
  const { nextSource, replay } = replayFrom(before, first.from, 'target-cut-back');
  return { head: { ...head, nextSource, replay }, closed, ledger: [entry], ...cut };
}

/** What may have been sent under HEAD's grant without HEAD knowing that it landed. */
function grantedBeyond({ grant, nextSource }: Head): readonly SourceRange[] {
  if (grant.kind === 'intent') return grant.ranges;
  return grant.kind === 'open' ? [{ from: nextSource, length: Number.MAX_SAFE_INTEGER - nextSource }] : [];
}

function rangeOf({ source, length }: Run): SourceRange {
  return { from: source, length };
}

function shortened(ranges: readonly SourceRange[]): readonly SourceRange[] {
  const [kept, rest] = [ranges.slice(0, MAX_LOST_RANGES - 1), ranges.slice(MAX_LOST_RANGES - 1)];
  const [first, last] = [rest[0], rest.at(-1)];
  if (!first || !last) return kept;
  return [...kept, { from: first.from, length: last.from + last.length - first.from }];
}
