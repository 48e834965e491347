import { advance, sourceOffset } from '../flow/offset.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head, SourceRange } from '../offsets/head.ts';
import { rangesOf } from '../offsets/runs.ts';
import type { Attempt } from './attempt.ts';
import type { AppendRecord } from './ports.ts';
import { nextChunks, sendGranted } from './send-granted.ts';
import { takeOver } from './take-over.ts';

/** Keeps HEAD far below DynamoDB's 400 KB an item. */
const MAX_INTENT_RANGES = 5_000;

/** Does what the grant allows with the records that are left of the delivery. True: that was all of it. */
export async function actUnderGrant<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  todo: readonly R[],
): Promise<boolean> {
  switch (head.grant.kind) {
    case 'open':
      return underOpen(attempt, head, todo);
    case 'intent':
      return underIntent(attempt, head, head.grant.ranges, todo);
    case 'closed':
      return underClosed(attempt, head, todo);
  }
}

/** Sends the records that follow `nextSource` without a hole; a hole ends the open grant. */
async function underOpen<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  todo: readonly R[],
): Promise<boolean> {
  let dense = 0;
  while (todo[dense]?.offset === head.nextSource + dense) {
    if (attempt.setAside.size > 0 && attempt.setAside.has(head.nextSource + dense)) break;
    dense++;
  }
  if (dense === 0) {
    const cause = attempt.setAside.has(head.nextSource) ? 'record-set-aside' : 'hole';
    await takeOver(attempt, head, cause);
    return false;
  }
  return sendGranted(attempt, head, dense === todo.length ? todo : todo.slice(0, dense));
}

/** An intent is sent whole or, if this delivery does not hold it, replaced by a take-over. */
async function underIntent<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  ranges: readonly SourceRange[],
  todo: readonly R[],
): Promise<boolean> {
  const intended = recordsOf(ranges, todo);
  if (!intended || intended.some(({ offset }) => attempt.setAside.has(offset))) {
    await takeOver(attempt, head, intended ? 'record-set-aside' : 'intent-not-held');
    return false;
  }
  return sendGranted(attempt, head, intended);
}

/** Nothing may be sent yet: open the grant where the source is dense, else write down what will be sent. */
async function underClosed<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  todo: readonly R[],
): Promise<boolean> {
  const [first] = todo;
  if (!first) {
    await attempt.writeHead(head, attempt.afterLeftOut(head));
    return false;
  }
  const { ledger, sparse } = await passHole(attempt, head, first);
  const reached: Head = { ...head, ...attempt.sourceLeader(head), nextSource: sourceOffset(first.offset), sparse };
  const location = attempt.setAside.get(first.offset);
  if (location !== undefined) {
    const passed = { ...reached, nextSource: advance(reached.nextSource, 1), sparse: true };
    await attempt.writeHead(head, passed, { ledger: [...ledger, attempt.setAsideEntry(first.offset, location)] });
    return false;
  }
  if (!sparse && attempt.context.settings.initialGrant === 'open') {
    await attempt.writeHead(head, { ...reached, grant: { kind: 'open' } }, { ledger });
    return false;
  }
  const end = todo.findIndex(({ offset }) => attempt.setAside.has(offset));
  const wanted = firstRanges(end < 0 ? todo : todo.slice(0, end), MAX_INTENT_RANGES);
  const intended = nextChunks(attempt, head, wanted).flatMap(({ records }) => records);
  const intent: Head = { ...reached, grant: { kind: 'intent', ranges: rangesOf(intended) } };
  const granted = await attempt.writeHead(head, intent, { ledger });
  return granted ? sendGranted(attempt, granted, intended) : false;
}

/** What is to be told of the offsets before the first record: lost to retention, or a hole inside the log. */
async function passHole<R extends AppendRecord>(
  attempt: Attempt<R>,
  head: Head,
  first: R,
): Promise<{ ledger: LedgerEntry[]; sparse: boolean }> {
  if (first.offset <= head.nextSource) return { ledger: [], sparse: head.sparse };
  const logStart = await attempt.ask(attempt.context.source.logStart());
  return { ledger: attempt.gapBelow(head, first.offset, logStart), sparse: head.sparse || logStart < first.offset };
}

/** The records of a delivery that the ranges name, or undefined unless it holds every one of them. */
function recordsOf<R extends AppendRecord>(ranges: readonly SourceRange[], records: readonly R[]): R[] | undefined {
  const found: R[] = [];
  let at = 0;
  for (const { from, length } of ranges) {
    for (let offset: number = from; offset < from + length; offset++) {
      while ((records[at]?.offset ?? Number.POSITIVE_INFINITY) < offset) at++;
      const record = records[at];
      if (record?.offset !== offset) return undefined;
      found.push(record);
    }
  }
  return found;
}

/** As many records as lie in the first `count` ranges without holes. */
function firstRanges<R extends AppendRecord>(records: readonly R[], count: number): readonly R[] {
  let ranges = 1;
  for (let i = 1; i < records.length; i++) {
    if (records[i]?.offset !== (records[i - 1]?.offset ?? 0) + 1 && ++ranges > count) return records.slice(0, i);
  }
  return records;
}
