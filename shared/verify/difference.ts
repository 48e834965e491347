import { z } from 'zod';

const offset = z.int().nonnegative();
const change = z.object({
  part: z.enum(['key', 'value', 'headers', 'timestamp']),
  byte: z.int().nonnegative().optional(),
});

/** A record, or several in a row, that are not in the target as the flow would have them there. */
export const difference = z.discriminatedUnion('kind', [
  /** The copy is another record, or another's. */
  z.object({ kind: z.literal('changed'), source: offset, target: offset, change }),
  /** The source has it and the target does not; `inMap`: the offset map says where it should be. */
  z.object({ kind: z.literal('missing'), source: offset, inMap: z.boolean() }),
  /** The target has it, and the source has no such record; `source`: where the offset map says that it came from. */
  z.object({ kind: z.literal('extra'), target: offset, source: offset.optional() }),
  /** The target has these records, and others between them or before them. */
  z.object({ kind: z.literal('reordered'), sources: z.array(offset), targets: z.array(offset) }),
  /**
   * The target has these records, from `from` up to, not including, `to`, but the offset map says `by` too little (below
   * 0: too much) of where they came from; undefined: it says nothing.
   */
  z.object({ kind: z.literal('misplaced'), from: offset, to: offset, by: z.int().optional() }),
]);
export type Difference = z.infer<typeof difference>;

const count = z.int().nonnegative();

/** Records of a partition, counted by what was found of them. */
export const tally = z.object({
  /** In both, the same to the byte, in order. */
  same: count,
  /** Bytes of their keys, values and headers. */
  bytes: count,
  /** The flow leaves them out: they came from the target. */
  leftOut: count,
  /** The gap ledger says why the target does not have them. */
  inLedger: count,
  /** In the target, and deleted at the source since (retention, compaction). */
  goneAtSource: count,
  /** In the source, and deleted at the target since (retention): the offset map has their place. */
  goneAtTarget: count.default(0),
  /** In the source, and compacted in the target: the offset map has their place. */
  compactedAtTarget: count,
  /** In the target and not in the offset map, of its own producers: a topic that both clusters write to. */
  foreign: count,
  /** In the target and not in the offset map: copied before the source's log was cut back, as the gap ledger says. */
  orphaned: count,
  changed: count,
  missing: count,
  extra: count,
  reordered: count,
  misplaced: count,
});
export type Tally = z.infer<typeof tally>;

/** What records are counted as. */
export const COUNTED = tally.keyof().options;

export const NOTHING_FOUND: Tally = Object.freeze(tally.parse(Object.fromEntries(COUNTED.map((name) => [name, 0]))));

/** Differences that are told one by one; all are counted. */
const MOST_TOLD = 20;

/** What was found of a partition. */
export class Findings {
  readonly tally: Tally;
  readonly #told: Difference[];

  constructor(known: Tally = NOTHING_FOUND, told: readonly Difference[] = []) {
    this.tally = { ...known };
    this.#told = [...told];
  }

  /** The first ones. */
  get told(): readonly Difference[] {
    return this.#told;
  }

  /** Records that are not the same; those that only the map is wrong about are. */
  get apart(): number {
    const { changed, missing, extra, reordered } = this.tally;
    return changed + missing + extra + reordered;
  }

  get isWhole(): boolean {
    return this.apart === 0 && this.tally.misplaced === 0;
  }

  /** Differences of whatever kind, each record once. */
  get different(): number {
    return this.apart + this.tally.misplaced;
  }

  tell(found: Difference): void {
    this.tally[found.kind] += found.kind === 'reordered' ? found.sources.length : 1;
    const last = this.#told.at(-1);
    if (found.kind === 'misplaced' && last?.kind === 'misplaced' && last.by === found.by && last.to === found.from) {
      last.to = found.to;
    } else if (this.#told.length < MOST_TOLD) {
      this.#told.push(found);
    }
  }

  /** A record that was told to be missing, or to be one too many, turned up elsewhere. */
  wasReordered(was: 'missing' | 'extra', source: number, target: number): void {
    this.tally[was]--;
    const at = this.#told.findIndex(
      (each) =>
        (was === 'missing' && each.kind === was && each.source === source) ||
        (was === 'extra' && each.kind === was && each.target === target),
    );
    if (at >= 0) this.#told.splice(at, 1);
    this.tell({ kind: 'reordered', sources: [source], targets: [target] });
  }
}
