import type { HeadWrite } from '../../shared/append/ports.ts';
import type { LedgerEntry } from '../../shared/ledger/entry.ts';
import type { Head, Run } from '../../shared/offsets/head.ts';
import { cutRun } from '../../shared/offsets/runs.ts';

/** The table: one HEAD with its runs and ledger, written together or not at all. */
export class OffsetMapTable {
  head: Head | undefined;
  runs: Run[] = [];
  readonly ledger: LedgerEntry[] = [];

  write(expected: number, { head, closed, ledger, cutFrom }: HeadWrite): 'written' | 'conflict' {
    if ((this.head?.version ?? 0) !== expected) return 'conflict';
    this.head = head;
    if (cutFrom !== undefined) this.runs = this.runs.flatMap((run) => cutRun(run, cutFrom) ?? []);
    this.runs.push(...closed);
    this.ledger.push(...ledger);
    return 'written';
  }

  /** All runs, the open one last. */
  get allRuns(): Run[] {
    return this.head?.openRun ? [...this.runs, this.head.openRun] : this.runs;
  }
}
