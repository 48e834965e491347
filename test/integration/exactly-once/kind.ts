import type { AppendSettings, TakeOverCause } from '../../../shared/append/context.ts';
import type { FaultEffect, FaultPoint } from './faults.ts';
import type { Schedule } from './schedule.ts';

/** What Lambda may do next with a partition. */
export type Move = 'next' | 'same-again' | 'other-boundaries' | 'at-once' | 'stale-environment';

export interface FaultMenu {
  /** Share of the invocations that a fault strikes. */
  readonly probability: number;
  readonly points: readonly FaultPoint[];
  readonly effects: readonly FaultEffect[];
}

/** A family of schedules: what can go wrong in them, and what may not. */
export interface Kind {
  readonly name: string;
  readonly moves: readonly Move[];
  readonly faults: FaultMenu;
  /** The only causes for which a partition may be taken over. */
  readonly causes: readonly TakeOverCause[];
  /** What happens to the clusters in the middle of the schedule. */
  readonly event?: (schedule: Schedule) => Promise<void>;
  /** Events that disturb a whole cluster, so that all schedules of the kind go through it together, and alone. */
  readonly together?: 'source-cut-back' | 'target-cut-back' | 'broker-lost';
  /** True when its event makes a topic anew: each schedule then has a topic to itself. */
  readonly ownTopic?: boolean;
  readonly topicConfigs?: Readonly<Record<string, string>>;
  readonly append?: Partial<AppendSettings>;
  readonly timeoutMs?: number;
  /** Share of the schedules whose deliveries take several produce requests; default 0.5. */
  readonly smallChunks?: number;
  readonly records?: {
    /** Distinct keys; default: every record has its own, or none. */
    readonly keys?: number;
    /** Default 0: written now. */
    readonly ageMs?: number;
    /** Whether every source offset holds a record; default true. */
    readonly dense?: boolean;
  };
  /** No request arrives later than this after it was sent; undefined: as late as it likes. */
  readonly latestArrivalMs?: number;
  /** Nothing goes wrong: one produce request and one write of HEAD a batch. */
  readonly steady?: boolean;
}
