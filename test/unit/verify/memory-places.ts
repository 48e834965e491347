import type { FlowPartition } from '../../../shared/flow/flow.ts';
import {
  type Kept,
  type KeptPlace,
  placeKey,
  type VerifiedPlaces,
  verifiedPlace,
} from '../../../shared/verify/verified-place.ts';

/** Keeps places as a table does: as text, and under the condition that nobody was faster. */
export class MemoryPlaces implements VerifiedPlaces {
  readonly #items = new Map<string, { readonly version: number; readonly text: string }>();
  /** Done before the next write, as another run may. */
  beforeWrite: (() => Promise<void>) | undefined;

  async all(): Promise<ReadonlyMap<string, KeptPlace>> {
    const read = ([key, { version, text }]: [string, { version: number; text: string }]) => {
      const { firstSeen, place } = JSON.parse(text);
      return [key, { version, firstSeen, place: verifiedPlace.safeParse(place).data }] as const;
    };
    return new Map([...this.#items].map(read));
  }

  async write(partition: FlowPartition, expected: number, kept: Kept): Promise<'written' | 'conflict'> {
    const other = this.beforeWrite;
    this.beforeWrite = undefined;
    await other?.();
    const key = placeKey(partition);
    if ((this.#items.get(key)?.version ?? 0) !== expected) return 'conflict';
    this.#items.set(key, { version: expected + 1, text: JSON.stringify(kept) });
    return 'written';
  }

  /** As another version may have left it. */
  spoil(partition: FlowPartition): void {
    this.#items.set(placeKey(partition), { version: 7, text: '{}' });
  }

  get size(): number {
    return Math.max(0, ...[...this.#items.values()].map(({ text }) => text.length));
  }
}
