import { z } from 'zod';
import type { FlowPartition } from '../flow/flow.ts';
import { comparisonPlace } from './comparison.ts';

const offset = z.int().nonnegative();

/** How far a partition is verified: where the next run goes on. */
export const verifiedPlace = z.object({
  /** Of the logs that it was begun with. */
  lineage: z.string(),
  at: comparisonPlace,
  /** The ends that were come to last: what is not the same below them is not left to a later run again. */
  seen: z.object({ source: offset, target: offset }),
  /** Records found in the target that were copied before the source's log was cut back. */
  orphaned: z.int().nonnegative(),
  /** HEAD's version when all that it had was verified; absent: not all was. */
  allOf: z.int().positive().optional(),
  /** What was replicated until then is verified, ms since the epoch; absent: not known yet. */
  until: z.int().nonnegative().optional(),
});
export type VerifiedPlace = z.infer<typeof verifiedPlace>;

/** What is kept of a partition. */
export interface Kept {
  /** Undefined: none, or one that this version cannot read. */
  readonly place: VerifiedPlace | undefined;
  /** When a run saw it for the first time, ms since the epoch; undefined: that was not kept. */
  readonly firstSeen: number | undefined;
}

/** As it was read. */
export interface KeptPlace extends Kept {
  /** Raised with each write; 0: there is nothing yet. */
  readonly version: number;
}

/** What a partition's place is kept under, of all places of its flow. */
export function placeKey({ topic, partition, generation }: FlowPartition): string {
  return `${topic}#${partition}#${generation}`;
}

/** Where runs that go on from one another keep how far they are. */
export interface VerifiedPlaces {
  /** Of every partition of the flow, by `placeKey`. */
  all(): Promise<ReadonlyMap<string, KeptPlace>>;
  /** conflict: another run has gone on from the same place meanwhile, and is not put back. */
  write(partition: FlowPartition, expected: number, kept: Kept): Promise<'written' | 'conflict'>;
}
