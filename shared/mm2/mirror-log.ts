import type { EncodedRecord, RawRecord } from './record.ts';

/** A record to be written, with the time that it bears. */
export interface TimedRecord extends EncodedRecord {
  /** ms since the epoch */
  readonly timestamp: number;
}

/** A record as it was read. */
export interface LoggedRecord extends RawRecord {
  /** ms since the epoch, -1 none */
  readonly timestamp: number;
}

export interface MirrorLogReader {
  /** The log is another one than was read before: what it said holds no longer. */
  readonly anew: () => void;
  readonly take: (record: LoggedRecord) => void;
}

/** Partition 0 of one of MirrorMaker 2's own topics, which all its records go to. */
export interface MirrorLog {
  /** In this order; the topic is made when it is not there. @throws CausewayError; some may be written all the same */
  append(records: readonly TimedRecord[], signal: AbortSignal): Promise<void>;
  /** From where the last reading ended to the log's end. What was taken before it threw is not read again. @throws CausewayError */
  readOn(reader: MirrorLogReader, signal: AbortSignal): Promise<void>;
}
