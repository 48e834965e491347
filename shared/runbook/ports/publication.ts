import type { RegistryEntry } from '../registry/entry.ts';

/** What became of telling one region where applications run. */
export interface Published {
  readonly region: string;
  /** Why it was not told; undefined: it was. */
  readonly because: string | undefined;
}

/** Where clients look that do not read the registry: parameters of Systems Manager in each region. */
export interface Publication {
  /** Best effort: a region that is away is told of as such. May be repeated. */
  publish(entry: RegistryEntry): Promise<readonly Published[]>;
}
