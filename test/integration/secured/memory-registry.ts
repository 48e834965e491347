import type { RegistryEntry } from '../../../shared/runbook/registry/entry.ts';
import type { FlowRegistry } from '../../../shared/runbook/registry/ports.ts';

export class MemoryRegistry implements FlowRegistry {
  #entry: RegistryEntry | undefined;

  async read(): Promise<RegistryEntry | undefined> {
    return this.#entry;
  }

  async write(expected: number, entry: RegistryEntry): Promise<'written' | 'conflict'> {
    if ((this.#entry?.version ?? 0) !== expected) return 'conflict';
    this.#entry = entry;
    return 'written';
  }
}
