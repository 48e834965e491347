import { ClientState } from '../../../runbook/registry/entry.ts';
import type { RegistrySource } from './source.ts';
import type { RegistryState } from './state.ts';

/**
 * A registry in memory, for applications' own tests: they play the runbook.
 *
 * @example
 * const registry = new MemoryRegistry();
 * registry.set({ clients: 'producers-fenced' });
 * registry.set({ active: 'us-west', clients: 'serving' });
 */
export class MemoryRegistry implements RegistrySource {
  #state: RegistryState | undefined;
  #failure: Error | undefined;

  /** @param initial default: there is no entry yet, as before the first run */
  constructor(initial?: RegistryState) {
    this.#state = initial;
  }

  /**
   * Changes the entry. What is left out stays as it is, but for `changedAt`, which is now, and `generation`, which is
   * raised when a serving entry is fenced, as a run does.
   */
  set(change: Partial<RegistryState>): void {
    const { active, clients = ClientState.Serving, generation = 0 } = this.#state ?? {};
    const begins = clients === ClientState.Serving && (change.clients ?? ClientState.Serving) !== ClientState.Serving;
    const next = {
      active: change.active ?? active,
      clients: change.clients ?? clients,
      generation: change.generation ?? (begins || generation === 0 ? generation + 1 : generation),
      changedAt: change.changedAt ?? Math.max(Date.now(), this.#state?.changedAt ?? 0),
    };
    if (next.active === undefined) throw new TypeError('the first entry must name the active cluster');
    this.#state = { ...next, active: next.active };
    this.#failure = undefined;
  }

  /** From here on the registry cannot be read, until the next `set` or without an error. */
  fail(error: Error | undefined): void {
    this.#failure = error;
  }

  async read(): Promise<RegistryState | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#state;
  }
}
