import type { GroupProof } from './group.ts';
import { holds, type PartitionProof } from './proof.ts';
import { percentile } from './view.ts';

/** What the demo has measured beside the proofs. */
export interface Figures {
  /** Records that the source acknowledged. */
  readonly produced: number;
  /** One record in so many had its offsets looked up. */
  readonly sampleEvery: number;
  /** From a record's timestamp to a reader of the target. */
  readonly latenciesMs: readonly number[];
}

/** Prints how each partition compares, and how much was compared. @returns whether all of it holds */
export function reportPartitions(proofs: readonly PartitionProof[], figures: Figures, print: Print): boolean {
  print('\npartition      records   lost  duplicated  reordered  offsets looked up  wrong');
  for (const proof of proofs) {
    print(
      proof.partition.padEnd(12) +
        String(proof.records).padStart(10) +
        String(proof.lost).padStart(7) +
        String(proof.duplicated).padStart(12) +
        String(proof.reordered).padStart(11) +
        String(proof.translated).padStart(19) +
        String(proof.mistranslated).padStart(7),
    );
  }
  const { produced, sampleEvery, latenciesMs } = figures;
  const sum = (count: (proof: PartitionProof) => number) => proofs.reduce((total, proof) => total + count(proof), 0);
  const compared = sum(({ records }) => records);
  const looked = sum(({ translated }) => translated);
  print(`\n${compared} of ${produced} records compared byte for byte on both sides`);
  print(
    `${looked / 2} of ${compared} records sampled, each ${sampleEvery}th of a partition: ${looked} offsets looked up ` +
      `in the offset map, there and back, ${sum(({ mistranslated }) => mistranslated)} wrong`,
  );
  print(
    `latency, record timestamp to reader: p50 ${ms(latenciesMs, 0.5)}, p99 ${ms(latenciesMs, 0.99)}; ` +
      'with what a topic made meanwhile waited for its copy',
  );
  return compared === produced && proofs.every(holds);
}

/** Prints what each group read where. @returns whether it got every record once */
export function reportGroups(proofs: readonly GroupProof[], target: string, print: Print): boolean {
  print(`\ngroup       read before  read in ${target}  skipped  read twice`);
  for (const { group, readOnSource, readOnTarget, skipped, readTwice } of proofs)
    print(
      group.padEnd(10) +
        String(readOnSource).padStart(13) +
        String(readOnTarget).padStart(9 + target.length + 1) +
        String(skipped).padStart(9) +
        String(readTwice).padStart(12),
    );
  return proofs.every(({ skipped, readTwice }) => skipped === 0 && readTwice === 0);
}

type Print = (line: string) => void;

function ms(values: readonly number[], share: number): string {
  return `${percentile(values, share)?.toFixed(0) ?? '-'} ms`;
}
