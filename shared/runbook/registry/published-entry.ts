import { pairName } from '../../../infra/flow/names.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { ClientState, RegistryEntry } from './entry.ts';

/** What applications are told that do not ask the registry itself. */
export interface PublishedEntry {
  /** Of the registry's entry: tells the newer of two, in whatever region they were read. */
  readonly version: number;
  /** Alias of the cluster that applications use. */
  readonly active: string;
  /** Of the active cluster, as `bootstrap.servers` takes them. */
  readonly bootstrapServers: string;
  readonly clients: ClientState;
  readonly generation: number;
  /** ms since the epoch */
  readonly changedAt: number;
}

/** @param bootstrapServers of a cluster, by its alias */
export function publishedEntry(entry: RegistryEntry, bootstrapServers: (alias: string) => string): PublishedEntry {
  const { version, active, clients, generation, changedAt } = entry;
  return { version, active, bootstrapServers: bootstrapServers(active), clients, generation, changedAt };
}

/**
 * `/causeway/us-east-to-us-west/registry`: SSM's names take letters, digits and `_.-` between slashes. Aliases that do not
 * fit, or with which two flows would have one name, are hashed, as in the names of the flow's other resources.
 */
export function parameterName(prefix: string, flow: FlowId): string {
  const { pair, unambiguous, digest } = pairName(flow);
  const segment = unambiguous && /^[a-zA-Z0-9_.-]+$/.test(pair) ? pair : digest;
  return `/${prefix}/${segment}/registry`;
}
