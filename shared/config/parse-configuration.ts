import { type FlowId, flowName } from '../flow/flow.ts';
import { checkFlows } from './check-flows.ts';
import { checkKeys } from './check-keys.ts';
import type { Cluster, Parsed } from './configuration.ts';
import { ConfigurationError } from './errors.ts';
import { parseProperties } from './properties.ts';
import { readClusters } from './read-clusters.ts';
import { readFlow } from './read-flow.ts';
import { Report } from './report.ts';
import { readProviders } from './secrets/providers.ts';
import { describeReference, type Resolve } from './secrets/reference.ts';
import { SecretReader } from './secrets/secret-reader.ts';
import type { Setting, Settings } from './setting.ts';
import { type Resolved, referencesNeeded, substitute } from './substitute.ts';

export interface ParseOptions {
  /** Name that faults begin with. */
  readonly file: string;
  /** Values of references outside of secrets, by the reference as it is written: `${env:BROKERS}`. */
  readonly resolved?: Resolved;
}

/**
 * Reads an `mm2.properties`, with `causeway.*` keys or without.
 * @throws ConfigurationError with everything that is wrong with the file
 * @example
 * const { configuration, warnings } = parseConfiguration(await readFile(path, 'utf8'), { file: path });
 */
export function parseConfiguration(text: string, { file, resolved = new Map() }: ParseOptions): Parsed {
  const report = new Report();
  const written = readFile(text, report);
  const providers = readProviders(written);
  const settings = substitute(written, providers.kinds, resolved, report);
  const clusters = readClusters(settings, report);
  checkKeys(settings, [...clusters.keys()], report);
  const secrets = new SecretReader(providers.kinds, report);
  const context = { file: settings, clusters, secrets, report };
  const flows = pairs(clusters)
    .filter(([source, target]) => isKept({ source: source.alias, target: target.alias }, settings))
    .map(([source, target]) => readFlow({ source: source.alias, target: target.alias }, source, target, context));
  checkFlows(flows, settings, report);
  if (report.faults.length > 0) throw new ConfigurationError(file, report.faults);
  return { configuration: { clusters: [...clusters.values()], flows }, warnings: report.warnings };
}

/**
 * As `parseConfiguration`, but looks up references that are needed at once, such as broker addresses. Secrets stay
 * references all the same.
 * @throws ConfigurationError and what `resolve` throws
 */
export async function resolveConfiguration(
  text: string,
  { file, resolve }: { readonly file: string; readonly resolve: Resolve },
): Promise<Parsed> {
  const settings = readFile(text, new Report());
  const references = referencesNeeded(settings, readProviders(settings).kinds);
  const values = references.map(async (each) => [describeReference(each), await resolve(each)] as const);
  return parseConfiguration(text, { file, resolved: new Map(await Promise.all(values)) });
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
