import type { FlowId } from '../../flow/flow.ts';
import { begin, type RunStart } from './begin.ts';
import type { RegistryEntry } from './entry.ts';
import { fenceConsumers, fenceProducers } from './fence.ts';
import { finish } from './finish.ts';
import { initialEntry } from './initial-entry.ts';
import type { Executions, FlowRegistry } from './ports.ts';
import { promote } from './promote.ts';
import { RegistryBusyError } from './refusals.ts';
import { requestAbort } from './request-abort.ts';
import type { Asking } from './transition.ts';
import { unfence } from './unfence.ts';

/** Runs of one flow write a few times a minute: whoever loses this often has found something else. */
const ATTEMPTS = 8;

export interface RegistryOptions {
  readonly flow: FlowId;
  readonly entries: FlowRegistry;
  /** ms after a move within which no alarm has another made. @default 0 */
  readonly alarmCooldownMs?: number;
  /** ms since the epoch; default: the machine's clock */
  readonly now?: () => number;
}

/**
 * The registry entry of one flow, changed by one transition at a time: read, decided, written if nobody else wrote in
 * between, and decided anew if somebody did. Each is answered with the entry as it then is, and may be asked for any number
 * of times: a write whose answer was lost is found by the next read. Beside the refusals of the transitions it throws what
 * the store throws when it does not answer; then it is open whether the change was made.
 */
export class Registry {
  readonly #flow: FlowId;
  readonly #entries: FlowRegistry;
  readonly #alarmCooldownMs: number;
  readonly #now: () => number;

  constructor({ flow, entries, alarmCooldownMs = 0, now = Date.now }: RegistryOptions) {
    this.#flow = flow;
    this.#entries = entries;
    this.#alarmCooldownMs = alarmCooldownMs;
    this.#now = now;
  }

  async entry(): Promise<RegistryEntry> {
    return (await this.#entries.read()) ?? initialEntry(this.#flow);
  }

  /** {@link begin}; the entry's `generation` is that of the run. */
  begin(start: Omit<RunStart, 'flow'>, executions: Executions): Promise<RegistryEntry> {
    return this.#change((entry) => this.#begun(entry, start, executions));
  }

  /** Refuses as {@link begin} would, and changes nothing: for a dry run. */
  async mayBegin(start: Omit<RunStart, 'flow'>, executions: Executions): Promise<void> {
    await this.#begun(await this.entry(), start, executions);
  }

  /** {@link fenceProducers} */
  fenceProducers(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => fenceProducers(entry, this.#asking(generation), this.#now()));
  }

  /** {@link fenceConsumers} */
  fenceConsumers(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => fenceConsumers(entry, this.#asking(generation), this.#now()));
  }

  /** {@link unfence} */
  unfence(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => unfence(entry, this.#asking(generation), this.#now()));
  }

  /** {@link promote} */
  promote(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => promote(entry, this.#asking(generation), this.#now()));
  }

  /** {@link finish} */
  finish(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => finish(entry, this.#asking(generation), this.#now()));
  }

  /** {@link requestAbort} */
  requestAbort(generation: number): Promise<RegistryEntry> {
    return this.#change((entry) => requestAbort(entry, this.#asking(generation)));
  }

  async #begun(entry: RegistryEntry, start: Omit<RunStart, 'flow'>, executions: Executions): Promise<RegistryEntry> {
    const holder = entry.run?.execution;
    const holderRuns = holder !== undefined && holder !== start.execution && (await executions.isRunning(holder));
    const facts = { at: this.#now(), holderRuns, alarmCooldownMs: this.#alarmCooldownMs };
    return begin(entry, { ...start, flow: this.#flow }, facts);
  }

  #asking(generation: number): Asking {
    return { flow: this.#flow, generation };
  }

  async #change(transition: (entry: RegistryEntry) => RegistryEntry | Promise<RegistryEntry>): Promise<RegistryEntry> {
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const entry = await this.entry();
      const next = await transition(entry);
      if (next === entry) return entry;
      try {
        if ((await this.#entries.write(entry.version, next)) === 'written') return next;
        failure = undefined;
      } catch (error) {
        // Written or not: the next read tells.
        failure = error;
      }
    }
    throw failure ?? new RegistryBusyError(this.#flow, ATTEMPTS);
  }
}
