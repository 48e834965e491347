import type {
  ConsumerMapping,
  ConsumerMark,
  ConsumerMarks,
  ConsumerSide,
} from '../../../../shared/runbook/ports/consumers.ts';
import type { MappingState, MappingSwitch } from '../../../../shared/runbook/ports/mapping-switch.ts';
import { Away } from './fake-cluster.ts';

/** How often a mapping is listed as being on its way before it is there. */
const LOOKS_UNTIL_THERE = 2;

interface Held {
  mapping: ConsumerMapping;
  looks: number;
}

/** The users' event source mappings beside one cluster, and their mark, held in memory. */
export class FakeConsumers implements ConsumerSide {
  readonly #alias: string;
  readonly #changes: string[];
  readonly #all: Held[] = [];
  mark: ConsumerMark | undefined;
  /** Whether Lambda of the region answers. */
  away = false;
  /** Happens each time that mappings are listed. */
  whenListed: () => void = () => {};
  /** Happens each time that one has been enabled or disabled, when it is so. */
  whenDone: (mapping: ConsumerMapping) => void = () => {};

  constructor(alias: string, changes: string[]) {
    this.#alias = alias;
    this.#changes = changes;
  }

  consumer(consumer: string, topic: string, group: string, state: MappingState): this {
    const mapping = { uuid: `${this.#alias} ${consumer} ${topic}`, consumer, topic, group, state, startsAt: 'LATEST' };
    this.#all.push({ mapping, looks: 0 });
    return this;
  }

  /** By its owner. */
  set(consumer: string, state: MappingState): void {
    for (const each of this.#all) if (each.mapping.consumer === consumer) each.mapping = { ...each.mapping, state };
  }

  /** `billing disabled`, ... */
  get states(): readonly string[] {
    return this.#all.map(({ mapping: { consumer, state } }) => `${consumer} ${state}`);
  }

  readonly mappings: MappingSwitch<ConsumerMapping> = {
    list: async () => {
      this.#asked();
      this.whenListed();
      for (const each of this.#all) this.#goOn(each);
      return this.#all.map(({ mapping }) => mapping);
    },
    setEnabled: async ({ uuid, consumer }, enabled) => {
      this.#asked();
      const held = this.#all.find(({ mapping }) => mapping.uuid === uuid);
      if (held === undefined || held.looks > 0) return 'busy';
      held.mapping = { ...held.mapping, state: enabled ? 'enabling' : 'disabling' };
      held.looks = LOOKS_UNTIL_THERE;
      this.#changes.push(`${this.#alias} ${consumer} ${enabled ? 'enabled' : 'disabled'}`);
      return 'updated';
    },
  };

  readonly marks: ConsumerMarks = {
    read: async () => this.mark,
    write: async (mark) => {
      if ((this.mark?.version ?? 0) + 1 !== mark.version) return 'conflict';
      this.mark = mark;
      return 'written';
    },
  };

  #goOn(held: Held): void {
    if (held.looks === 0 || --held.looks > 0) return;
    const state = held.mapping.state === 'enabling' ? 'enabled' : 'disabled';
    held.mapping = { ...held.mapping, state };
    this.whenDone(held.mapping);
  }

  #asked(): void {
    if (this.away) throw new Away(`Lambda beside ${this.#alias} is away`, { safe: '', next: '' });
  }
}
