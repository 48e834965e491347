import type { CausewayError } from '../flow/errors.ts';
import type { TargetOffset } from '../flow/offset.ts';
import type { Producer } from '../offsets/head.ts';
import { advanceSequence } from '../offsets/sequence.ts';
import type { AppendOutcome, AppendRecord, Clock, TargetLog } from './ports.ts';

export interface Chunk<R extends AppendRecord> {
  readonly records: readonly R[];
  /** Of its first record. */
  readonly sequence: number;
}

export interface Acknowledged<R extends AppendRecord> {
  readonly records: readonly R[];
  readonly base: TargetOffset;
  /** A leader epoch of the target partition, known before it was sent. */
  readonly leaderEpoch: number | undefined;
}

/** How sending ended; everything before the end was acknowledged in order. */
export type SendEnd<R extends AppendRecord> =
  | { readonly kind: 'complete' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'too-large'; readonly chunk: Chunk<R> }
  | { readonly kind: 'failed'; readonly error: CausewayError }
  | { readonly kind: 'deadline' };

export interface SendOptions {
  /** Requests in flight. */
  readonly window: number;
  /** No new chunk and no retry is sent after this, ms since the epoch. */
  readonly deadline: number;
  /** Whether a chunk without an answer may be sent again. */
  readonly resend: boolean;
  readonly onRetry: (reason: string) => void;
}

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 2_000;

/** Cuts records into batches of at most `maxBytes`; a record that is larger by itself gets a batch of its own. */
export function chunksOf<R extends AppendRecord>(
  records: readonly R[],
  sequence: number,
  maxBytes: number,
  sizeOf: (record: R) => number,
): Chunk<R>[] {
  const chunks: Chunk<R>[] = [];
  let from = 0;
  let size = 0;
  let i = 0;
  for (const record of records) {
    const more = sizeOf(record);
    if (i > from && size + more > maxBytes) {
      chunks.push({ records: records.slice(from, i), sequence: advanceSequence(sequence, from) });
      from = i;
      size = 0;
    }
    size += more;
    i++;
  }
  if (from < records.length) {
    chunks.push({ records: records.slice(from), sequence: advanceSequence(sequence, from) });
  }
  return chunks;
}

/**
 * Sends chunks in order, `window` at a time. A chunk whose fate is unknown is sent again under the same sequence, and so
 * is everything behind it: the broker knows by the sequence what it already has. Anything else ends the sending.
 */
export async function send<R extends AppendRecord>(
  target: TargetLog<R>,
  producer: Producer,
  chunks: readonly Chunk<R>[],
  clock: Clock,
  options: SendOptions,
): Promise<{ acknowledged: Acknowledged<R>[]; end: SendEnd<R> }> {
  const acknowledged: Acknowledged<R>[] = [];
  let inFlight: Promise<AppendOutcome>[] = [];
  let backoffMs = FIRST_BACKOFF_MS;
  while (acknowledged.length < chunks.length) {
    const expired = clock.now() >= options.deadline;
    while (!expired && inFlight.length < options.window) {
      const chunk = chunks[acknowledged.length + inFlight.length];
      if (!chunk) break;
      inFlight.push(target.append(producer, chunk.sequence, chunk.records));
    }
    const chunk = chunks[acknowledged.length];
    const first = inFlight.shift();
    if (!first || !chunk) return { acknowledged, end: { kind: 'deadline' } };
    const outcome = await first;
    if (outcome.kind === 'appended') {
      acknowledged.push({ records: chunk.records, base: outcome.base, leaderEpoch: outcome.leaderEpoch });
      backoffMs = FIRST_BACKOFF_MS;
      continue;
    }
    await Promise.all(inFlight);
    inFlight = [];
    if (outcome.kind === 'too-large') return { acknowledged, end: { kind: 'too-large', chunk } };
    if (outcome.kind !== 'unknown' || !options.resend) return { acknowledged, end: outcome };
    if (clock.now() + backoffMs >= options.deadline) return { acknowledged, end: outcome };
    options.onRetry(outcome.reason);
    await clock.wait(backoffMs);
    backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
  }
  return { acknowledged, end: { kind: 'complete' } };
}
