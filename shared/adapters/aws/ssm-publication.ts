import type { Publication, Published } from '../../runbook/ports/publication.ts';
import { publishedEntry } from '../../runbook/registry/published-entry.ts';
import type { Registry } from '../../runbook/registry/registry.ts';
import { publishRegistry } from './publish-registry.ts';
import type { ParameterRegion } from './registry-parameter.ts';

export interface SsmPublicationOptions {
  readonly regions: readonly ParameterRegion[];
  /** As `parameterName` makes it. */
  readonly name: string;
  readonly registry: Pick<Registry, 'entry'>;
  /** Of a cluster, by its alias. */
  readonly bootstrapServers: (alias: string) => string;
  /** ms for one region. */
  readonly timeoutMs?: number;
}

/**
 * The SSM parameters of a flow's registry. What is published is what the registry says by then, which is not before what
 * the caller has: {@link publishRegistry} says why.
 */
export class SsmPublication implements Publication {
  readonly #options: SsmPublicationOptions;

  constructor(options: SsmPublicationOptions) {
    this.#options = options;
  }

  async publish(): Promise<readonly Published[]> {
    const { registry, bootstrapServers, ...parameters } = this.#options;
    const current = async () => publishedEntry(await registry.entry(), bootstrapServers);
    const publications = await publishRegistry({ ...parameters, current });
    return publications.map((each) => ({
      region: each.region,
      because: each.outcome === 'not-written' ? each.reason : undefined,
    }));
  }
}
