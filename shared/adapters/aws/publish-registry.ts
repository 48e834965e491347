import type { PublishedEntry } from '../../runbook/registry/published-entry.ts';
import { getParameter, type ParameterRegion, parseEntry, putEntry } from './registry-parameter.ts';

/** ms after which a region is taken for lost. Both are asked at the same time, so a runbook waits no longer than this. */
export const PUBLISH_TIMEOUT_MS = 3_000;
/** Two runs at most write at the same time, and one of them finds that the other is the newer. */
const ATTEMPTS = 4;

/** What became of one region's parameter. */
export type Publication =
  | { readonly region: string; readonly outcome: 'written' | 'up-to-date'; readonly version: number }
  /** Applications that read this region alone do not learn of the change. */
  | { readonly region: string; readonly outcome: 'not-written'; readonly reason: string };

export interface PublishOptions {
  readonly regions: readonly ParameterRegion[];
  /** As `parameterName` makes it. */
  readonly name: string;
  /** The registry's entry as it is now: asked before every write. */
  readonly current: () => Promise<PublishedEntry>;
  /** ms for one region, all of its requests together. @default PUBLISH_TIMEOUT_MS */
  readonly timeoutMs?: number;
}

/**
 * Has the SSM parameter of each region say what the registry says. Throws nothing: a region that does not answer, or
 * refuses, is named in the answer and holds up no other.
 *
 * SSM knows no conditional write. An older entry is kept from replacing a newer one by this: the parameter is read, then
 * the registry, and only what is newer is written; a write that turns out not to be the next value after the one read is
 * followed by another look at both; one that makes the parameter does not overwrite. What is left: between two writes that cross, readers may see the older one for a
 * moment; and it stays until the next publication if the writer ends, or its region fails, before that other look.
 * Readers that ask both regions and take the higher `version` are right as long as one of them is.
 */
export async function publishRegistry(options: PublishOptions): Promise<readonly Publication[]> {
  return Promise.all(options.regions.map((region) => publishIn(region, options)));
}

async function publishIn({ region, client }: ParameterRegion, options: PublishOptions): Promise<Publication> {
  const { name, current, timeoutMs = PUBLISH_TIMEOUT_MS } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { value, valueVersion } = await getParameter(client, name, signal);
      const entry = await current();
      const found = versionOf(value);
      if (found >= entry.version) return { region, outcome: 'up-to-date', version: found };
      const written = await putEntry(client, name, entry, valueVersion, signal);
      if (written === valueVersion + 1) return { region, outcome: 'written', version: entry.version };
    }
    return { region, outcome: 'not-written', reason: 'others wrote it at the same time' };
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : describe(error);
    return { region, outcome: 'not-written', reason };
  }
}

/** Below every version of the registry where nothing was published, or somebody else wrote what no reader understands. */
function versionOf(value: string): number {
  try {
    return parseEntry(value).version;
  } catch {
    return -1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
