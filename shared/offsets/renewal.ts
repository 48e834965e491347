import type { Head } from './head.ts';

/**
 * Whether the partition's transactional id was last used longer than `ageMs` ago, or nobody knows when. Brokers forget one
 * that is idle for `transactional.id.expiration.ms` (default 7 days), and plain idempotent batches do not count as use: the
 * next take-over would get another producer id, and have to wait the old one out.
 *
 * @param now ms since the epoch
 */
export function isProducerOlderThan({ renewedAt }: Head, ageMs: number, now: number): boolean {
  return now - (renewedAt ?? 0) > ageMs;
}
