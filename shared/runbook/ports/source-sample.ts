/** The end of one partition of the source, as it was seen last. */
export interface SampledEnd {
  readonly topic: string;
  readonly partition: number;
  /** Where consumers that read only what is committed stop. */
  readonly end: number;
  /** Offsets a second, the highest seen lately. */
  readonly mostPerSecond: number;
}

/** What was seen of the source last, before it was lost. */
export interface SourceSample {
  /** When the ends were asked for, ms since the epoch. */
  readonly at: number;
  /** When asking first failed after that, ms since the epoch; undefined: it has not. */
  readonly silentSince: number | undefined;
  readonly ends: readonly SampledEnd[];
}
