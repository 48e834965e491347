import { advance, type SourceOffset, type TargetOffset } from '../flow/offset.ts';
import type { Run } from '../offsets/head.ts';

/** What MirrorMaker 2 remembers of a partition to decide whether a record is worth an offset sync. */
export interface SyncState {
  /** The record acknowledged last. */
  readonly upstream: SourceOffset;
  readonly downstream: TargetOffset;
  /** Downstream offset of the last record that the rule chose. */
  readonly synced: TargetOffset;
}

/**
 * The first record of `run` that MirrorMaker 2 would write an offset sync for at once, as its index; undefined if none.
 * Its rule (Kafka 4.1), for every record as it is acknowledged:
 * - A. it is the first one since the task started;
 * - B. a group that is past the last sync goes on one record behind that, and that place has come to be
 *   `offsetLagMax` records back;
 * - C. the upstream offset is not the previous one plus one;
 * - D. the downstream offset went back.
 * Inside a run only B can hold, so its first record and a division say it all.
 *
 * @param state undefined before the first record
 * @param offsetLagMax `offset.lag.max`, records
 */
export function firstToSync(state: SyncState | undefined, run: Run, offsetLagMax: number): number | undefined {
  if (run.length === 0) return undefined;
  if (!state) return 0;
  if (run.source !== state.upstream + 1 || run.target < state.downstream) return 0;
  const index = Math.max(0, state.synced + 1 + offsetLagMax - run.target);
  return index < run.length ? index : undefined;
}

/** The state after the first `count` records of `run`, of which the last one was chosen if `chosen`. */
export function afterRecords(state: SyncState | undefined, run: Run, count: number, chosen: boolean): SyncState {
  const downstream = advance(run.target, count - 1);
  const synced = chosen || !state ? downstream : state.synced;
  return { upstream: advance(run.source, count - 1), downstream, synced };
}
