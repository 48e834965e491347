import type { ReadRecord } from './reader.ts';

export interface PartitionProof {
  readonly partition: string;
  readonly records: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Offsets translated and looked up on the other side, forward and backward. */
  readonly translated: number;
  readonly mistranslated: number;
}

/** What the offset map answers, for one partition. */
export interface Translation {
  forward(source: number): number;
  backward(target: number): number;
}

/**
 * Compares a partition on both sides record for record, and checks that each sampled offset translates to the offset at
 * which the identical record really stands, both ways.
 */
export function provePartition(
  partition: string,
  source: readonly ReadRecord[],
  target: readonly ReadRecord[],
  translation: Translation,
  sampleEvery: number,
): PartitionProof {
  const { lost, duplicated, reordered } = compareOrder(source, target);
  let [translated, mistranslated] = [0, 0];
  for (let i = 0; i < source.length; i += sampleEvery) {
    const [there, here] = [target[i], source[i]];
    if (!here) continue;
    translated += 2;
    if (!there || translation.forward(here.offset) !== there.offset) mistranslated++;
    if (!there || translation.backward(there.offset) !== here.offset) mistranslated++;
  }
  return { partition, records: source.length, lost, duplicated, reordered, translated, mistranslated };
}

/** Counts by identity: how often each record is missing or there too often, and how many do not stand in their place. */
export function compareOrder(source: readonly ReadRecord[], target: readonly ReadRecord[]) {
  const missing = new Map<string, number>();
  for (const { identity } of source) missing.set(identity, (missing.get(identity) ?? 0) + 1);
  let duplicated = 0;
  for (const { identity } of target) {
    const left = missing.get(identity) ?? 0;
    if (left > 0) missing.set(identity, left - 1);
    else duplicated++;
  }
  let lost = 0;
  for (const left of missing.values()) lost += left;
  const inPlace = target.filter(({ identity }, i) => identity === source[i]?.identity).length;
  const reordered = lost + duplicated === 0 ? target.length - inPlace : 0;
  return { lost, duplicated, reordered };
}

export function holds(proof: PartitionProof): boolean {
  return proof.lost + proof.duplicated + proof.reordered + proof.mistranslated === 0;
}
