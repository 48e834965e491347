import type { GroupProof } from './group.ts';
import type { Latencies } from './latencies.ts';
import { holds, type PartitionProof } from './proof.ts';
import { percentile } from './view.ts';

/** What the demo has measured beside the proofs. */
export interface Figures {
  /** Records that the source acknowledged. */
  readonly produced: number;
  /** One record in so many had its offsets looked up. */
  readonly sampleEvery: number;
  /** Of each topic. */
  readonly latencies: readonly Pick<Latencies, 'whileItBeganMs' | 'steadyMs'>[];
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
  const { produced, sampleEvery, latencies } = figures;
  const sum = (count: (proof: PartitionProof) => number) => proofs.reduce((total, proof) => total + count(proof), 0);
  const compared = sum(({ records }) => records);
  const looked = sum(({ translated }) => translated);
  print(`\n${compared} of ${produced} records compared byte for byte on both sides`);
  print(
    `${looked / 2} of ${compared} records sampled, each ${sampleEvery}th of a partition: ${looked} offsets looked up ` +
      `in the offset map, there and back, ${sum(({ mistranslated }) => mistranslated)} wrong`,
  );
  const steady = latencies.flatMap(({ steadyMs }) => steadyMs);
  const began = latencies.flatMap(({ whileItBeganMs }) => whileItBeganMs);
  print(
    `latency, record timestamp to reader: p50 ${ms(steady, 0.5)}, p99 ${ms(steady, 0.99)} of ${steady.length} records`,
  );
  print(
    `  apart from it ${began.length} records that were there before their topic's first copy: they waited for functions to ` +
      `start, or for reconcile to find a topic made meanwhile, p50 ${ms(began, 0.5)}, p99 ${ms(began, 0.99)}`,
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
