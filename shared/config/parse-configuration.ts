import { type FlowId, flowName, flowOf } from '../flow/flow.ts';
import { checkFlows } from './check-flows.ts';
import { checkKeys } from './check-keys.ts';
import type { Cluster, Parsed } from './configuration.ts';
import { ConfigurationError } from './errors.ts';
import { type LookedUp, lookUpAll } from './lookup.ts';
import { parseProperties } from './properties.ts';
import { readClusters } from './read-clusters.ts';
import { readFlow } from './read-flow.ts';
import { Report } from './report.ts';
import { readProviders } from './secrets/providers.ts';
import type { Resolve } from './secrets/reference.ts';
import { type ConnectsFrom, SecretReader } from './secrets/secret-reader.ts';
import { warnOfUnusedSecrets } from './secrets/unused-secrets.ts';
import type { Setting, Settings } from './setting.ts';
import { referencesNeeded, substitute } from './substitute.ts';

export interface ParseOptions {
  /** Name that faults begin with. */
  readonly file: string;
}

/**
 * Reads an `mm2.properties`, with `causeway.*` keys or without, as MirrorMaker 2 would where it stands. Nothing is looked
 * up: a reference outside of secrets is a fault.
 * @throws ConfigurationError with everything that is wrong with the file
 * @example
 * const { configuration, warnings } = parseConfiguration(await readFile(path, 'utf8'), { file: path });
 */
export function parseConfiguration(text: string, { file }: ParseOptions): Parsed {
  return parse(text, { file, found: new Map(), connectsFrom: 'here' });
}

/**
 * Reads an `mm2.properties` for functions, which connect from elsewhere. What is needed at once, such as broker addresses,
 * is looked up. Secrets stay references that the functions look up; one that they could not (`${env:...}`) is a fault.
 * @throws ConfigurationError, also for references that cannot be read, and what else `resolve` throws
 */
export async function resolveConfiguration(
  text: string,
  { file, resolve }: ParseOptions & { readonly resolve: Resolve },
): Promise<Parsed> {
  const settings = readFile(text, new Report());
  const found = await lookUpAll(referencesNeeded(settings, readProviders(settings)), resolve);
  return parse(text, { file, found, connectsFrom: 'functions' });
}

interface Reading extends ParseOptions {
  readonly found: LookedUp;
  readonly connectsFrom: ConnectsFrom;
}

function parse(text: string, { file, found, connectsFrom }: Reading): Parsed {
  const report = new Report();
  const written = readFile(text, report);
  const providers = readProviders(written);
  const settings = substitute(written, providers, found, report);
  const clusters = readClusters(settings, report);
  checkKeys(settings, [...clusters.keys()], report);
  const secrets = new SecretReader({ providers, connectsFrom, found, report });
  const context = { file: settings, clusters, secrets, report };
  const flows = pairs(clusters)
    .filter(([source, target]) => isKept(flowOf({ source, target }), settings))
    .map(([source, target]) => readFlow(flowOf({ source, target }), source, target, context));
  checkFlows(flows, settings, report);
  warnOfUnusedSecrets(written, providers, report);
  if (report.faults.length > 0) throw new ConfigurationError(file, report.faults);
  return { configuration: { clusters: [...clusters.values()], flows }, warnings: report.warnings };
}

function readFile(text: string, report: Report): Map<string, Setting> {
  const { properties, malformed } = parseProperties(text);
  const settings = new Map<string, Setting>();
  for (const property of properties) {
    const earlier = settings.get(property.key);
    if (earlier !== undefined)
      report.warn(earlier, `not used: the same key stands in line ${property.line} again, and the last one counts`);
    settings.set(property.key, property);
  }
  for (const { line, text: found } of malformed)
    report.fault({ key: found, value: '', line }, 'four hexadecimal digits after \\u, as Java does');
  return settings;
}

function pairs(clusters: ReadonlyMap<string, Cluster>): readonly (readonly [Cluster, Cluster])[] {
  const all = [...clusters.values()];
  return all.flatMap((source) => all.filter((target) => target !== source).map((target) => [source, target] as const));
}

/** MirrorMaker 2 runs connectors for pairs that are enabled, and for pairs that only write heartbeats. */
function isKept(flow: FlowId, settings: Settings): boolean {
  const isTrue = (setting: Setting | undefined) => setting?.value.trim().toLowerCase() === 'true';
  const heartbeats =
    settings.get(`${flowName(flow)}.emit.heartbeats.enabled`) ?? settings.get('emit.heartbeats.enabled');
  return isTrue(settings.get(`${flowName(flow)}.enabled`)) || heartbeats === undefined || isTrue(heartbeats);
}
