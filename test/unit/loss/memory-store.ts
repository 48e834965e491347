import type { SourceEndsStore, StoredSourceEnds } from '../../../shared/loss/source-ends.ts';

/** The table's one item in memory: it takes what was written later than what it has. */
export class MemoryStore implements SourceEndsStore {
  stored: StoredSourceEnds | undefined;
  /** All that was taken. */
  readonly history: StoredSourceEnds[] = [];
  fault: Error | undefined;

  async read(): Promise<StoredSourceEnds | undefined> {
    if (this.fault) throw this.fault;
    return this.stored;
  }

  async write(stored: StoredSourceEnds): Promise<'written' | 'outdated'> {
    if (this.fault) throw this.fault;
    if (this.stored && this.stored.writtenAt >= stored.writtenAt) return 'outdated';
    this.stored = stored;
    this.history.push(stored);
    return 'written';
  }
}
