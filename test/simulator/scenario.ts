import type { AppendSettings } from '../../shared/append/context.ts';
import type { SourceOptions } from './source-partition.ts';

/** What may happen in one schedule, and how often. */
export interface Faults {
  /** The source compacts a record away between two deliveries. */
  readonly compaction: number;
  /** The source's log start moves up. */
  readonly retention: number;
  /** An unclean election cuts the source log back; other records are written there. */
  readonly cutBack: number;
  /** The source partition gets another leader, and loses nothing. */
  readonly sourceLeader: number;
  readonly sourceMadeAnew: number;
  readonly targetMadeAnew: number;
  /** An execution environment dies. */
  readonly crash: number;
  /** The produce connection breaks: answers are lost, requests may still arrive. */
  readonly connection: number;
  /** A write of the offset map has no answer: it happened, it never will, or it will be late. */
  readonly storeAnswer: number;
  readonly throttle: number;
  /** NOT_ENOUGH_REPLICAS. */
  readonly transient: number;
  /** Followers lag behind an append. */
  readonly lag: number;
  /** The leader fails, with what the followers do not have. */
  readonly leader: number;
  /** An unclean election on the target: acknowledged records are gone. */
  readonly loseEnd: number;
  /** The broker's periodic check forgets producers with old records. */
  readonly expiry: number;
  /** Somebody else writes to the target partition. */
  readonly foreign: number;
  /** An invocation's time runs out. */
  readonly timeOut: number;
  /** The lateness bound passes. */
  readonly pause: number;
  /** The transactional id gets another producer id. */
  readonly idExpiry: number;
  /** A batch read before is delivered again, as it was. */
  readonly stale: number;
  /** The coordinator, which heard no answer, writes its last marker once more. */
  readonly markerAgain: number;
  /** Another invocation takes the transactional id's epoch. */
  readonly superseded: number;
  /** `reconcile` has the producer renewed, without a delivery. */
  readonly fence: number;
  /** A runbook is asked to hold the flow. */
  readonly hold: number;
  /** A runbook is asked to lift the hold. */
  readonly lift: number;
}

export interface Scenario extends SourceOptions {
  readonly name: string;
  readonly environments: number;
  readonly deliveries: number;
  /** Records a batch. */
  readonly chunk: number;
  /** What the target takes at most, when that is less than its topic says. */
  readonly brokerChunk?: number;
  /** The partition was in use before: its producer is known to the broker and goes on at this sequence. */
  readonly bornAt?: number;
  /** The last epoch before the coordinator hands out another producer id. */
  readonly lastEpoch: number;
  /** A consumer that does not notice when the source's log was cut: it goes on where it stood until its group is set back. */
  readonly consumerStays: boolean;
  /** How far ahead of the first one the clock of each environment is, ms. */
  readonly skewMs: readonly number[];
  readonly settings: Partial<AppendSettings>;
  readonly faults: Faults;
}

const none: Faults = {
  compaction: 0,
  retention: 0,
  cutBack: 0,
  sourceLeader: 0,
  sourceMadeAnew: 0,
  targetMadeAnew: 0,
  crash: 0,
  connection: 0,
  storeAnswer: 0,
  throttle: 0,
  transient: 0,
  lag: 0,
  leader: 0,
  loseEnd: 0,
  expiry: 0,
  foreign: 0,
  timeOut: 0,
  pause: 0,
  idExpiry: 0,
  stale: 0,
  markerAgain: 0,
  superseded: 0,
  fence: 0,
  hold: 0,
  lift: 0,
};

type Given = Partial<Omit<Scenario, 'faults'>> & { readonly name: string; readonly faults?: Partial<Faults> };

export function scenario(given: Given): Scenario {
  return {
    environments: 2,
    deliveries: 2,
    records: 3,
    absent: [],
    filtered: [],
    old: [],
    tooLarge: [],
    chunk: 2,
    lastEpoch: 30,
    skewMs: [],
    consumerStays: false,
    settings: {},
    ...given,
    faults: { ...none, ...given.faults },
  };
}
