import type { AdoptedLog } from '../../../shared/adopt/find-position.ts';
import { entryOf, type Fate, type LogEntry, type LogPart } from '../../../shared/adopt/log-entry.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';

/** A record by what it says; the same text is the same record, `key:value` has a key, `key:` is a tombstone. */
export function entry(offset: number, text: string, fate: Fate = 'kept', timestamp = 1): LogEntry {
  const [first = '', second] = text.split(':');
  const key = second === undefined ? null : Buffer.from(first);
  const value = second === undefined ? Buffer.from(first) : second === '' ? null : Buffer.from(second);
  return entryOf({ offset, timestamp, key, value, headers: [] }, false, fate);
}

/** `entries('a b - c', 5)`: records at 5, 6 and 8. `!a` is of an aborted transaction, `?a` of an open one. */
export function entries(texts: string, first = 0): LogEntry[] {
  return texts.split(' ').flatMap((text, i) => {
    if (text === '-' || text === '') return [];
    if (text.startsWith('!')) return [entry(first + i, text.slice(1), 'aborted')];
    if (text.startsWith('?')) return [entry(first + i, text.slice(1), 'open')];
    return [entry(first + i, text)];
  });
}

export interface FakeLog extends AdoptedLog {
  /** Where reading began, each time. */
  readonly reads: number[];
}

/** A log that holds `texts` from `logStart` on. */
export function log(texts: string, logStart = 0, part: Partial<LogPart> = {}): FakeLog {
  const logEnd = logStart + texts.split(' ').filter((text) => text !== '').length;
  return logOf(entries(texts, logStart), { logStart, logEnd }, part);
}

export function logOf(
  all: readonly LogEntry[],
  { logStart, logEnd }: { readonly logStart: number; readonly logEnd: number },
  part: Partial<LogPart> = {},
): FakeLog {
  const reads: number[] = [];
  return {
    logStart,
    logEnd,
    reads,
    read: async (from) => {
      reads.push(from);
      return { entries: all.filter(({ offset }) => offset >= from), endSeen: true, ...part };
    },
  };
}

export function sync(upstream: number, downstream: number): OffsetSync {
  return {
    topic: 'orders',
    partition: 0,
    upstreamOffset: sourceOffset(upstream),
    downstreamOffset: targetOffset(downstream),
  };
}
