import type { Head } from '../../shared/offsets/head.ts';
import type { OffsetMapTable } from './offset-map.ts';
import { Violation } from './violation.ts';

/**
 * L. From the moment a hold of a partition was answered until it is lifted, no record is appended to it by the flow. And
 * who may lift it: the run that holds it, or a later one; once a lift was answered, nobody claims by a hold of before.
 */
export class InvariantL {
  readonly #table: OffsetMapTable;
  /** Answered `held`, and HEAD was not lifted since. */
  #partitionHeld = false;
  /** Answered `not-begun`, and the flow's hold was not lifted since. */
  #flowHeld = false;
  /** Generations whose hold on the flow was placed since the last lift that outranks them was answered. */
  readonly #placed = new Set<number>();

  constructor(table: OffsetMapTable) {
    this.#table = table;
  }

  placed(generation: number): void {
    this.#placed.add(generation);
  }

  flowLifted(): void {
    this.#flowHeld = false;
  }

  answeredHeld(): void {
    if (this.#table.head?.heldBy) this.#partitionHeld = true;
  }

  answeredNotBegun(): void {
    if (this.#table.head) throw new Violation('L', 'a partition is called not begun, and was begun meanwhile');
    if (this.#table.hold) this.#flowHeld = true;
  }

  answeredLifted(generation: number): void {
    const { head, hold } = this.#table;
    for (const each of this.#placed) if (each <= generation && each !== hold?.generation) this.#placed.delete(each);
    const held = head?.heldBy?.generation;
    if (held !== undefined && !this.#placed.has(held)) {
      throw new Violation('L', `still held by generation ${held} after generation ${generation} has lifted it`);
    }
  }

  appended(): void {
    if (this.#partitionHeld) throw new Violation('L', 'a record is appended to a partition that is held');
    if (this.#flowHeld) throw new Violation('L', 'a record is appended to a partition that was not begun under a hold');
  }

  /** @param lifting the generation of the run that writes, where it lifts */
  headWritten(before: Head | undefined, { heldBy, fence }: Head, lifting: number | undefined): void {
    if (!before && this.#flowHeld) throw new Violation('L', 'HEAD is begun under a hold');
    const was = before?.heldBy?.generation ?? 0;
    const is = heldBy?.generation ?? 0;
    if (was > 0 && is > 0 && before?.fence.kind === 'none' && fence.kind !== 'none') {
      throw new Violation('H', 'a partition that is held is taken over anew');
    }
    if (was === is) return;
    if (is === 0) {
      this.#partitionHeld = false;
      if ((lifting ?? 0) < was)
        throw new Violation('L', `a hold of generation ${was} is lifted by ${lifting ?? 'a delivery'}`);
      return;
    }
    if (is < was) throw new Violation('L', `generation ${is} holds over generation ${was}`);
    if (!this.#placed.has(is)) throw new Violation('L', `generation ${is} claims, whose hold was lifted`);
  }
}
