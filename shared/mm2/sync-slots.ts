import type { SourceOffset } from '../flow/offset.ts';
import type { OffsetSync } from './offset-sync.ts';

/** How many offset syncs MirrorMaker 2 keeps of a partition (Kafka 4.1). */
export const SLOTS = 64;

/**
 * The offset syncs that MirrorMaker 2 keeps of one partition: dense near the newest, ever wider apart behind it.
 * - A. Slot 0 holds the newest.
 * - B. Recent: for different syncs in slots i < j, `up(i) <= up(j) + 2^j - 2^i`.
 * - C. Apart: for different syncs in slots i < j, `up(i) >= up(j) + 2^max(i - 2, 0)`, or they have the same upstream
 *   offset: one that comes again is merely recent.
 * - D. Newer ones stand before older ones. One that fills several slots stands in all from the first to the last.
 *
 * All sums are exact: in each of them a power of two beyond 2^53 stands against an offset below that.
 */
export class SyncSlots {
  #slots: readonly OffsetSync[];

  constructor(first: OffsetSync) {
    this.#slots = new Array(SLOTS).fill(first);
  }

  /** From slot 0 to slot 63. */
  get slots(): readonly OffsetSync[] {
    return this.#slots;
  }

  /** Forgets all others: nothing is known of how they stand to this one. */
  replaceAll(sync: OffsetSync): void {
    this.#slots = new Array(SLOTS).fill(sync);
  }

  /** Takes in the next sync of the topic. One that is upstream of the newest says that the source has begun again. */
  add(sync: OffsetSync): void {
    const [newest] = this.#slots;
    if (newest && sync.upstreamOffset < newest.upstreamOffset) this.replaceAll(sync);
    else this.#slots = withNewest(this.#slots, sync);
  }

  /** The newest sync at or below `upstreamOffset`. */
  atOrBelow(upstreamOffset: SourceOffset): OffsetSync | undefined {
    return this.#slots.find((sync) => sync.upstreamOffset <= upstreamOffset);
  }
}

/**
 * Puts `sync` into slot 0 and mends B from there outwards. A slot that is no longer recent gets the next old sync that
 * is recent and apart there, else a copy of what was put in before it; the first slot that is recent still ends it.
 */
function withNewest(old: readonly OffsetSync[], sync: OffsetSync): readonly OffsetSync[] {
  const slots = [sync, ...old.slice(1)];
  let replacement = sync;
  let from = 0;
  for (let slot = 1; slot < SLOTS; slot++) {
    const [before, here] = [slots[slot - 1], slots[slot]];
    if (!before || !here || isRecent(before, here, slot - 1, slot)) break;
    const found = findOld(old, from, slot, before, slots[slot + 1]);
    replacement = found.sync ?? replacement;
    from = found.next;
    slots[slot] = replacement;
  }
  return slots;
}

/**
 * The next of `old` that fits into `slot` between `before` and `after`. What stands too close to `before` is too close
 * for every later slot as well, so it is passed over for good; what is merely not recent enough is tried again there.
 */
function findOld(
  old: readonly OffsetSync[],
  from: number,
  slot: number,
  before: OffsetSync,
  after: OffsetSync | undefined,
): { readonly sync: OffsetSync | undefined; readonly next: number } {
  let sync: OffsetSync | undefined;
  let next = from;
  for (;;) {
    const candidate = old[next];
    if (!candidate) return { sync, next };
    const apartFromBefore = isApart(before, candidate, slot - 1);
    const fits =
      apartFromBefore &&
      isRecent(before, candidate, slot - 1, slot) &&
      (after === undefined || isApart(candidate, after, slot));
    if (fits) sync = candidate;
    const passedOver = !apartFromBefore || candidate === old[next + 1];
    if (fits || passedOver) next++;
    if (next >= slot || !passedOver) return { sync, next };
  }
}

/** B, for `newer` in slot i and `older` in slot j. */
function isRecent(newer: OffsetSync, older: OffsetSync, i: number, j: number): boolean {
  return newer.upstreamOffset <= older.upstreamOffset + (2 ** j - 2 ** i);
}

/** C, for `newer` in slot i. */
function isApart(newer: OffsetSync, older: OffsetSync, i: number): boolean {
  return newer === older || newer.upstreamOffset >= older.upstreamOffset + 2 ** Math.max(i - 2, 0);
}
