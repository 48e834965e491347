import { type Checkpoint, encodeCheckpoint } from '../../../shared/mm2/checkpoint.ts';
import type { LoggedRecord, MirrorLog, MirrorLogReader, TimedRecord } from '../../../shared/mm2/mirror-log.ts';

/** A topic's records, and readers who have each read so far. */
export class MemoryLog {
  records: LoggedRecord[] = [];
  /** Why nothing can be read or written just now. */
  fault: Error | undefined;
  /** Why nothing can be read. */
  unreadable: Error | undefined;

  reader(): MirrorLog {
    let [position, of] = [0, this.records];
    return {
      append: async (records: readonly TimedRecord[]) => {
        if (this.fault) throw this.fault;
        this.records.push(...records);
      },
      readOn: async ({ anew, take }: MirrorLogReader) => {
        const fault = this.fault ?? this.unreadable;
        if (fault) throw fault;
        if (of !== this.records) {
          [position, of] = [0, this.records];
          anew();
        }
        for (; position < this.records.length; position++) {
          const record = this.records[position];
          if (record) take(record);
        }
      },
    };
  }

  add(checkpoint: Checkpoint, timestamp: number): void {
    this.records.push({ ...encodeCheckpoint(checkpoint), timestamp });
  }
}
