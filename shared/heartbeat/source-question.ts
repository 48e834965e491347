import type { PartitionSample, SampleTime } from '../loss/source-ends.ts';

/** What the brokers of the source answered; at least one of them did. */
export interface SourceAnswer extends SampleTime {
  readonly partitions: readonly PartitionSample[];
  /** How many partitions were not told, by Kafka's name of the reason or the code that Causeway's error would have. */
  readonly untold: ReadonlyMap<string, number>;
}

/** Asks the source where the logs of topics end. */
export interface SourceQuestion {
  /**
   * Once every leader has answered; after `patienceMs` without those that have not, as soon as there is one that has.
   * @throws CausewayError when no broker answers, or none has when `signal` ends the waiting
   */
  ask(topics: readonly string[], patienceMs: number, signal: AbortSignal): Promise<SourceAnswer>;
}
