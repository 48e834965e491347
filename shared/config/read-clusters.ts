import type { Cluster } from './configuration.ts';
import { clusterSettings } from './layers.ts';
import type { Report } from './report.ts';
import { readClusterAws } from './security/cluster-aws.ts';
import type { Setting, Settings } from './setting.ts';
import { readList } from './values.ts';

/** One broker: host and port, an IPv6 address in brackets. */
const BROKER = /^(?:[\w.-]+|\[[0-9a-fA-F:.%]+\]):(\d{1,5})$/;
/** What may be an alias: it becomes part of topic names and of names in AWS. */
const ALIAS = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;

/** Reads `clusters` and what stands under each alias. */
export function readClusters(file: Settings, report: Report): ReadonlyMap<string, Cluster> {
  const declared = file.get('clusters');
  if (declared === undefined) {
    report.missing('clusters', 'the aliases of the clusters, clusters = us-east, us-west for example');
    return new Map();
  }
  const aliases = readList(declared.value);
  if (aliases.length < 2) report.fault(declared, 'two clusters or more');
  const bad = aliases.find((alias) => !ALIAS.test(alias));
  if (bad !== undefined)
    report.fault(
      declared,
      `aliases of letters, digits, "-" and "_", which "${bad}" is not: they become parts of names`,
    );
  if (new Set(aliases).size < aliases.length) report.fault(declared, 'each alias once');
  return new Map(aliases.map((alias) => [alias, readCluster(alias, file, report)]));
}

function readCluster(alias: string, file: Settings, report: Report): Cluster {
  const settings = clusterSettings(file, alias);
  const key = `${alias}.bootstrap.servers`;
  const servers = settings.get('bootstrap.servers');
  const bootstrapServers = servers === undefined ? [] : readList(servers.value);
  if (servers === undefined) report.missing(key, 'brokers to begin with, host:port, separated by commas');
  else checkServers(bootstrapServers, servers, report);
  return { alias, bootstrapServers, aws: readClusterAws(settings, report) };
}

function checkServers(servers: readonly string[], at: Setting, report: Report): void {
  const good = (server: string) => {
    const port = Number(BROKER.exec(server)?.[1] ?? 0);
    return port > 0 && port < 65_536;
  };
  const bad = servers.find((server) => !good(server));
  if (servers.length === 0) report.fault(at, 'at least one broker, host:port');
  else if (bad !== undefined) report.fault(at, `brokers as host:port, which "${bad}" is not`);
}
