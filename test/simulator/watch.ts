import type { Head } from '../../shared/offsets/head.ts';
import { BORN } from './born.ts';
import { InvariantA } from './invariant-a.ts';
import { InvariantL } from './invariant-l.ts';
import {
  everyOffsetTranslates,
  invariantB,
  invariantC,
  invariantD,
  invariantE,
  invariantF,
  invariantG,
  isTargetCutUnnoticed,
} from './invariants.ts';
import type { Simulation } from './simulation.ts';
import { Violation } from './violation.ts';

/** Looks at every step whether the invariants hold, and keeps the first that does not. */
export class Watch {
  readonly a = new InvariantA();
  readonly l: InvariantL;
  /** By the id of each record that the source ever held. */
  readonly offsetOfId = new Map<number, number>();
  violation: Violation | undefined;
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.l = new InvariantL(simulation.table);
  }

  check(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      if (this.#simulation.flaws.unchecked?.includes(error.letter)) return;
      this.violation ??= error;
      this.#simulation.note(`!! ${error.message}`);
    }
  }

  noteIds(): void {
    for (const { id, offset } of this.#simulation.source.entries) this.offsetOfId.set(id, offset);
  }

  headWritten(before: Head | undefined, head: Head, lifting: number | undefined): void {
    const simulation = this.#simulation;
    const isBorn = simulation.scenario.bornAt !== undefined && head.producer.producerId === BORN.producerId;
    this.a.granted(head);
    this.check(() => this.l.headWritten(before, head, lifting));
    this.check(() => invariantB(before, head));
    this.check(() => invariantC(simulation, this.offsetOfId));
    this.check(() => invariantD(simulation, before?.nextSource ?? head.nextSource, head.nextSource));
    if (!isTargetCutUnnoticed(simulation)) this.check(() => invariantE(simulation, before, head));
    if (!isTargetCutUnnoticed(simulation)) this.check(() => invariantF(simulation, head, isBorn));
  }

  /** Everything that was committed, looked at once more at the end. */
  all(): void {
    this.check(() => invariantD(this.#simulation, 0, this.#simulation.committed));
    if (this.#simulation.table.head?.sourceTopicId === this.#simulation.source.topicId) {
      this.check(() => everyOffsetTranslates(this.#simulation, this.offsetOfId));
    }
    this.check(() => invariantC(this.#simulation, this.offsetOfId));
    this.check(() => invariantG(this.#simulation));
  }
}
