import type { GroupVerdict } from '../applications/ledger.ts';
import type { FlowComparison } from './comparison.ts';
import type { Latencies } from './latencies.ts';
import { holds, type PartitionProof } from './proof.ts';
import { percentile } from './view.ts';

/** Of what the proofs have to account for. */
export interface Written {
  readonly acknowledged: number;
  /** Nobody knows whether these were written. */
  readonly unknown: number;
  /** One record in so many had its offsets looked up. */
  readonly sampleEvery: number;
}

/** What a group has read where, and what the ledger says of it. */
export interface GroupReading extends GroupVerdict {
  /** Records, by alias. */
  readonly read: ReadonlyMap<string, number>;
}

/** Prints how each topic of both flows compares, and how much was compared. @returns whether all of it holds */
export function reportFlows(flows: readonly FlowComparison[], written: Written, print: Print): boolean {
  print(`\n${'copied topic'.padEnd(28)}   records   lost  duplicated  reordered  offsets looked up  wrong`);
  for (const { flow, partitions } of flows)
    for (const [topic, proofs] of Map.groupBy(partitions, ({ partition }) => topicOf(partition))) {
      const sum = sumOver(proofs);
      print(
        `${flow} ${topic}`.padEnd(28) +
          String(sum(({ records }) => records)).padStart(10) +
          String(sum(({ lost }) => lost)).padStart(7) +
          String(sum(({ duplicated }) => duplicated)).padStart(12) +
          String(sum(({ reordered }) => reordered)).padStart(11) +
          String(sum(({ translated }) => translated)).padStart(19) +
          String(sum(({ mistranslated }) => mistranslated)).padStart(7),
      );
    }
  const { acknowledged, unknown, sampleEvery } = written;
  const proofs = flows.flatMap(({ partitions }) => partitions);
  const sum = sumOver(proofs);
  const compared = sum(({ records }) => records);
  const looked = sum(({ translated }) => translated);
  const open = unknown > 0 ? `, and ${unknown} of which nobody knows whether they were` : '';
  print(`\n${compared} records compared byte for byte on both sides; ${acknowledged} were acknowledged${open}`);
  print(
    `${looked / 2} of ${compared} records sampled, each ${sampleEvery}th of a partition: ${looked} offsets looked up ` +
      `in the offset maps, there and back, ${sum(({ mistranslated }) => mistranslated)} wrong`,
  );
  return compared >= acknowledged && compared <= acknowledged + unknown && proofs.every(holds);
}

/** Prints how long records were on their way. @param latencies of each topic */
export function reportLatencies(
  latencies: readonly Pick<Latencies, 'whileItBeganMs' | 'steadyMs'>[],
  print: Print,
): void {
  const steady = latencies.flatMap(({ steadyMs }) => steadyMs);
  const began = latencies.flatMap(({ whileItBeganMs }) => whileItBeganMs);
  print(
    `\nlatency, record timestamp to reader: p50 ${ms(steady, 0.5)}, p99 ${ms(steady, 0.99)} of ${steady.length} records`,
  );
  print(
    `  apart from it ${began.length} records that were there before their topic's first copy: they waited for functions to ` +
      `start, or for reconcile to find a topic made meanwhile, p50 ${ms(began, 0.5)}, p99 ${ms(began, 0.99)}`,
  );
}

/** Prints what each group read where, and how often it went wrong. @param clusters aliases */
export function reportGroups(groups: readonly GroupReading[], clusters: readonly string[], print: Print): void {
  const heads = clusters.map((alias) => `  read in ${alias}`);
  print(`\n${'group'.padEnd(10)}${heads.join('')}   lost  read twice  after later ones of their key`);
  for (const { group, read, lost, twice, reordered } of groups)
    print(
      group.padEnd(10) +
        clusters.map((alias, index) => String(read.get(alias) ?? 0).padStart(heads[index]?.length ?? 0)).join('') +
        String(lost).padStart(7) +
        String(twice).padStart(12) +
        String(reordered).padStart(30),
    );
}

type Print = (line: string) => void;

function sumOver(proofs: readonly PartitionProof[]) {
  return (count: (proof: PartitionProof) => number) => proofs.reduce((total, proof) => total + count(proof), 0);
}

function topicOf(partition: string): string {
  return partition.slice(0, partition.lastIndexOf('-'));
}

function ms(values: readonly number[], share: number): string {
  return `${percentile(values, share)?.toFixed(0) ?? '-'} ms`;
}
