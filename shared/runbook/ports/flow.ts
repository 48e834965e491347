import type { CausewayError } from '../../flow/errors.ts';
import type { FlowId, FlowPartition } from '../../flow/flow.ts';
import type { Untold } from '../../groups/committed-offsets.ts';
import type { OffsetMapReader } from '../../groups/ports.ts';
import type { Hold } from '../../ledger/hold.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import type { RunbookKind } from '../runbook.ts';
import type { MappingSwitch, SwitchedMapping } from './mapping-switch.ts';

/** How far a partition is copied, from its `HEAD`. */
export interface CopiedTo {
  /** First source offset that is not copied. */
  readonly nextSource: number;
  /** Where the next record goes. */
  readonly nextTarget: number;
  /** Of the flow on this partition. */
  readonly producerId: string;
  /** First target offset of the run that ends at `nextTarget`; undefined before the first record. */
  readonly runStart: number | undefined;
  readonly sourceTopicId: string;
  /** Whether there may be offsets without a record. */
  readonly sparse: boolean;
  /** Of the record copied last, ms since the epoch; -1 not known. */
  readonly lastTimestamp: number;
}

/** By name on the flow's source, then by partition; undefined: nothing was copied yet. */
export type Heads = ReadonlyMap<string, ReadonlyMap<number, CopiedTo | Untold | undefined>>;

/** The event source mappings of a flow, in its source's region, which may be away. */
export type FlowMappings = MappingSwitch<SwitchedMapping>;

/** What became of holding, or of letting go. */
export interface HoldChange {
  /** Partitions for which it is done. */
  readonly done: number;
  /** What is not done yet, each with why; to be called again until it is empty. */
  readonly notYet: readonly CausewayError[];
  /** The partitions of those, as far as they are known. */
  readonly partitions: readonly FlowPartition[];
}

/** The hold of a flow, at its target. */
export interface FlowHold {
  current(): Promise<Hold | undefined>;
  /**
   * As many partitions as there is time for before `until`, ms since the epoch.
   * @param last those that are left to the end, as nobody may answer for them
   * @throws CausewayError
   */
  hold(
    generation: number,
    kind: RunbookKind,
    until: number,
    last?: (partition: FlowPartition) => boolean,
  ): Promise<HoldChange>;
  /** Only a generation at least as high as the one that holds lifts it. @throws CausewayError */
  lift(generation: number, until: number): Promise<HoldChange>;
}

/** One flow between the two clusters, whichever way it goes. */
export interface RunbookFlow {
  readonly flow: FlowId;
  /** Topics of applications that are being copied; heartbeats are none. */
  topics(): Promise<readonly TopicItem[]>;
  /**
   * Topics of the source that are to be copied and that `reconcile` has not taken on, or not since they were made anew.
   * Undefined: which are to be copied is not known here. @throws CausewayError when the source does not answer
   */
  notTakenOn(): Promise<readonly string[] | undefined>;
  /** Of `topics`, the names of copies from a third cluster, which applications do not write to. */
  mirrored(): Promise<ReadonlySet<string>>;
  heads(partitions: readonly FlowPartition[]): Promise<Heads>;
  readonly maps: OffsetMapReader;
  /**
   * Whether consumers of the flow's source that read only what is committed would get a record at an offset from `from`
   * to `to` - 1. @throws CausewayError
   */
  hasRecords(partition: FlowPartition, from: number, to: number): Promise<boolean>;
  readonly mappings: FlowMappings;
  readonly hold: FlowHold;
}
