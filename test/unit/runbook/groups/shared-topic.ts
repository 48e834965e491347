import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { Run } from '../../../../shared/offsets/head.ts';
import { toSource, toTarget } from '../../../../shared/offsets/translate.ts';
import type { CrossTranslation } from '../../../../shared/runbook/groups/cross-translation.ts';

export type Cluster = 'from' | 'to';

/** A record written on a cluster, the copy of the other one's record at `original`, or an offset without a record. */
export type Entry =
  | { readonly kind: 'own' }
  | { readonly kind: 'copy'; readonly original: number }
  | { readonly kind: 'marker' };

export type Step = 'write-from' | 'write-to' | 'marker-from' | 'marker-to' | 'copy-forward' | 'copy-backward';

interface Flow {
  /** Offset pairs of copied records, in order. */
  readonly pairs: [source: number, target: number][];
  nextSource: number;
  nextTarget: number;
}

/** One topic of two clusters with a flow each way, the slow way: entry by entry. */
export class SharedTopic {
  readonly logs: Readonly<Record<Cluster, Entry[]>> = { from: [], to: [] };
  readonly forward: Flow = { pairs: [], nextSource: 0, nextTarget: 0 };
  readonly backward: Flow = { pairs: [], nextSource: 0, nextTarget: 0 };
  readonly #mapped: (flow: Flow) => boolean;

  /** @param mapBegins when a flow's map of the topic begins: at its first look, or only at the first record that it copies */
  constructor(mapBegins: 'first-look' | 'first-copy' = 'first-look') {
    this.#mapped = ({ pairs, nextSource }) => (mapBegins === 'first-look' ? nextSource > 0 : pairs.length > 0);
  }

  take(steps: readonly Step[]): this {
    for (const step of steps) {
      if (step === 'write-from' || step === 'write-to') this.#log(step).push({ kind: 'own' });
      else if (step === 'marker-from' || step === 'marker-to') this.#log(step).push({ kind: 'marker' });
      else if (step === 'copy-forward') this.#copyOne('from', 'to', this.forward);
      else this.#copyOne('to', 'from', this.backward);
    }
    return this;
  }

  drain(): this {
    while (this.#copyOne('from', 'to', this.forward) || this.#copyOne('to', 'from', this.backward)) {}
    return this;
  }

  /** Offsets of `to` whose record a group has not consumed that is at `offset` on `from`. */
  unread(offset: number): number[] {
    const copyOf = new Map(this.backward.pairs);
    return this.logs.to.flatMap((entry, at) => {
      if (entry.kind === 'marker') return [];
      const consumed = entry.kind === 'copy' ? entry.original < offset : (copyOf.get(at) ?? offset) < offset;
      return consumed ? [] : [at];
    });
  }

  /** Offsets of `to` that hold a record. */
  records(): number[] {
    return this.logs.to.flatMap((entry, at) => (entry.kind === 'marker' ? [] : [at]));
  }

  /** As the map of `from` -> `to` tells it. */
  copies(offset: number): CrossTranslation {
    const { pairs, nextSource, nextTarget } = this.forward;
    if (!this.#mapped(this.forward)) return { kind: 'unmapped' } as const;
    if (offset >= nextSource) return clamped(nextTarget, offset - nextSource);
    const frontier = { nextSource: sourceOffset(nextSource), nextTarget: targetOffset(nextTarget) };
    return { kind: 'exact', offset: toTarget(runsOf(pairs), frontier, sourceOffset(offset)).offset } as const;
  }

  /** As the map of `to` -> `from` tells it, read against its way. */
  own(offset: number): CrossTranslation {
    const { pairs, nextSource, nextTarget } = this.backward;
    if (!this.#mapped(this.backward)) return { kind: 'unmapped' } as const;
    if (offset >= nextTarget) return clamped(nextSource, offset - nextTarget);
    const frontier = { nextSource: sourceOffset(nextSource), nextTarget: targetOffset(nextTarget) };
    return { kind: 'exact', offset: toSource(runsOf(pairs), frontier, targetOffset(offset)).offset } as const;
  }

  /** First target offset of the run that ends where the next copy goes. */
  get copiesFrom(): number | undefined {
    return runsOf(this.forward.pairs).at(-1)?.target;
  }

  #log(step: Step): Entry[] {
    return this.logs[step.endsWith('from') ? 'from' : 'to'];
  }

  /** The next entry of the source's log; copies of the other flow are passed over. */
  #copyOne(source: Cluster, target: Cluster, flow: Flow): boolean {
    const entry = this.logs[source][flow.nextSource];
    if (entry === undefined) return false;
    if (entry.kind === 'own') {
      const at = this.logs[target].push({ kind: 'copy', original: flow.nextSource }) - 1;
      flow.pairs.push([flow.nextSource, at]);
      flow.nextTarget = at + 1;
    }
    flow.nextSource++;
    return true;
  }
}

function clamped(offset: number, beyond: number) {
  return { kind: 'clamped', offset, beyond } as const;
}

function runsOf(pairs: readonly (readonly [number, number])[]): Run[] {
  const runs: { source: number; target: number; length: number }[] = [];
  for (const [source, target] of pairs) {
    const last = runs.at(-1);
    if (last && last.source + last.length === source && last.target + last.length === target) last.length++;
    else runs.push({ source, target, length: 1 });
  }
  return runs.map((run) => ({ ...run, source: sourceOffset(run.source), target: targetOffset(run.target) }));
}
