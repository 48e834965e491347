import type { HeadStore, HeadWrite, HeadWriteOutcome } from '../append/ports.ts';
import { describePartition, type FlowPartition } from '../flow/flow.ts';
import type { TargetOffset } from '../flow/offset.ts';
import type { Head, Run } from '../offsets/head.ts';
import { fromTarget } from '../offsets/runs.ts';

/** Called with the runs, in order, that a write of HEAD has added to the offset map. */
export type Landed = (partition: FlowPartition, runs: readonly Run[]) => void;

interface Seen {
  readonly version: number;
  readonly nextTarget: TargetOffset;
}

/**
 * An offset map that also tells what has landed in the target: by this execution environment, or found there by it.
 * Nothing is told before HEAD says so, and nothing is asked for it: a write of HEAD follows the HEAD that was read here
 * or written here before.
 */
export class ToldHeads implements HeadStore {
  readonly #heads: HeadStore;
  readonly #landed: Landed;
  readonly #seen = new Map<string, Seen>();

  constructor(heads: HeadStore, landed: Landed) {
    this.#heads = heads;
    this.#landed = landed;
  }

  async read(partition: FlowPartition): Promise<Head | undefined> {
    const head = await this.#heads.read(partition);
    if (head) this.#see(partition, head);
    return head;
  }

  async write(partition: FlowPartition, expected: number, write: HeadWrite): Promise<HeadWriteOutcome> {
    const outcome = await this.#heads.write(partition, expected, write);
    if (outcome !== 'written') return outcome;
    const before = this.#seen.get(describeIncarnation(partition));
    this.#see(partition, write.head);
    if (before?.version !== expected) return outcome;
    const { openRun } = write.head;
    const runs = fromTarget(openRun ? [...write.closed, openRun] : write.closed, before.nextTarget);
    if (runs.length > 0) this.#landed(partition, runs);
    return outcome;
  }

  runsFrom(partition: FlowPartition, target: TargetOffset): Promise<Run[]> {
    return this.#heads.runsFrom(partition, target);
  }

  #see(partition: FlowPartition, { version, nextTarget }: Head): void {
    this.#seen.set(describeIncarnation(partition), { version, nextTarget });
  }
}

function describeIncarnation(partition: FlowPartition): string {
  return `${describePartition(partition)} ${partition.generation}`;
}
