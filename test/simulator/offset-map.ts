import type { HeadWrite, HeadWriteOutcome } from '../../shared/append/ports.ts';
import type { LedgerEntry } from '../../shared/ledger/entry.ts';
import type { Hold } from '../../shared/ledger/hold.ts';
import type { Head, Run } from '../../shared/offsets/head.ts';
import { cutRun } from '../../shared/offsets/runs.ts';

/** The table: one HEAD with its runs and ledger, written together or not at all. */
export class OffsetMapTable {
  head: Head | undefined;
  /** On the flow. */
  hold: Hold | undefined;
  runs: Run[] = [];
  readonly ledger: LedgerEntry[] = [];

  write(expected: number, { head, closed, ledger, cutFrom }: HeadWrite): HeadWriteOutcome {
    if ((this.head?.version ?? 0) !== expected) return 'conflict';
    if (expected === 0 && this.hold) return { kind: 'held', hold: this.hold };
    this.head = head;
    if (cutFrom !== undefined) this.runs = this.runs.flatMap((run) => cutRun(run, cutFrom) ?? []);
    this.runs.push(...closed);
    this.ledger.push(...ledger);
    return 'written';
  }

  place(hold: Hold): Hold {
    if (!this.hold || this.hold.generation < hold.generation) this.hold = hold;
    return this.hold;
  }

  lift(generation: number): Hold | undefined {
    if (this.hold && this.hold.generation <= generation) this.hold = undefined;
    return this.hold;
  }

  /** All runs, the open one last. */
  get allRuns(): Run[] {
    return this.head?.openRun ? [...this.runs, this.head.openRun] : this.runs;
  }
}
