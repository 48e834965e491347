import type { MappingSwitch, SwitchedMapping } from './mapping-switch.ts';

/** One event source mapping of a function of the users' own, by what it is on one cluster; it may be made anew as the same. */
export interface ConsumerId {
  /** As the configuration names the function, on both clusters. */
  readonly consumer: string;
  readonly topic: string;
  /** Of consumers: where it goes on. */
  readonly group: string;
}

export interface ConsumerMapping extends SwitchedMapping, ConsumerId {
  /** Where it begins in a partition that its group has no offset for, as `LATEST`; undefined: not told. */
  readonly startsAt: string | undefined;
}

/**
 * Which mappings on one cluster their owners had enabled. It cannot be found out again once a run has disabled them.
 * - seen: as they were when a run, a dry one too, looked at them last; no run has touched them
 * - stopped: a run disables them, or has: they are to be enabled again, here by an undo or on the other cluster
 * - moved: they were enabled on the other cluster
 */
export interface ConsumerMark {
  /** Raised by 1 with every write; each write is conditional on the version read. */
  readonly version: number;
  readonly state: 'seen' | 'stopped' | 'moved';
  readonly inUse: readonly ConsumerId[];
  /** Of the run that wrote it; 0 of a dry run. */
  readonly generation: number;
  /** When it was written, ms since the epoch. */
  readonly at: number;
}

/** The mark of one cluster, beside the registry: what recovery needs outlives the cluster. Reads are strongly consistent. */
export interface ConsumerMarks {
  read(): Promise<ConsumerMark | undefined>;
  /** `mark.version` must be that of the stored one + 1; 1 where there is none. */
  write(mark: ConsumerMark): Promise<'written' | 'conflict'>;
}

/** The users' consumers that read from one cluster. */
export interface ConsumerSide {
  readonly mappings: MappingSwitch<ConsumerMapping>;
  readonly marks: ConsumerMarks;
}

/** Functions of the users' own that a runbook moves with their groups. */
export interface RunbookConsumers {
  readonly from: ConsumerSide;
  readonly to: ConsumerSide;
}
