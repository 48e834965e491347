import type { Publication } from '../ports/publication.ts';
import type { RegistryEntry } from './entry.ts';
import type { Registry } from './registry.ts';

/** What of the registry tells clients to hold, or to go on where they were. */
export type Fences = Pick<Registry, 'fenceProducers' | 'fenceConsumers' | 'unfence'>;

/**
 * Fences that clients hear of also where they do not read the registry itself: one that nobody told them of would make
 * them look like producers that follow nothing. A region that was not told is told again at the next call; what was told
 * everywhere is not repeated.
 */
export function publishing(fences: Fences, publication: Publication): Fences {
  let told: number | undefined;
  const publish = async (change: Promise<RegistryEntry>): Promise<RegistryEntry> => {
    const entry = await change;
    if (entry.changedAt === told) return entry;
    const published = await publication.publish(entry);
    if (published.every(({ because }) => because === undefined)) told = entry.changedAt;
    return entry;
  };
  return {
    fenceProducers: (generation) => publish(fences.fenceProducers(generation)),
    fenceConsumers: (generation) => publish(fences.fenceConsumers(generation)),
    unfence: (generation) => publish(fences.unfence(generation)),
  };
}
