import type { FlowPartition } from '../flow/flow.ts';
import type { LedgerEntry } from './entry.ts';

/** An entry of the gap ledger, and whose it is. */
export interface Gap {
  readonly partition: FlowPartition;
  readonly entry: LedgerEntry;
}

/** The newest come first. */
export function byTime(one: Gap, other: Gap): number {
  return other.entry.at - one.entry.at || one.entry.from - other.entry.from;
}
