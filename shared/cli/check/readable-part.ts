import { checkFlows } from '../../config/check-flows.ts';
import { checkKeys } from '../../config/check-keys.ts';
import type { Parsed } from '../../config/configuration.ts';
import { lookUpAll } from '../../config/lookup.ts';
import { parseProperties } from '../../config/properties.ts';
import { readClusters } from '../../config/read-clusters.ts';
import { readFlow } from '../../config/read-flow.ts';
import { Report } from '../../config/report.ts';
import { readProviders } from '../../config/secrets/providers.ts';
import type { Resolve } from '../../config/secrets/reference.ts';
import { SecretReader } from '../../config/secrets/secret-reader.ts';
import { warnOfUnusedSecrets } from '../../config/secrets/unused-secrets.ts';
import type { Setting } from '../../config/setting.ts';
import { referencesNeeded, substitute } from '../../config/substitute.ts';
import { flowOf } from '../../flow/flow.ts';

/**
 * What can be said of a file besides its faults: warnings, and its flows, in which the default stands where a value is
 * wrong. Not to be deployed: only so that who mends the file hears of everything at once.
 */
export async function readablePart(text: string, resolve: Resolve): Promise<Parsed> {
  const report = new Report();
  const written = lastOfEach(text, report);
  const providers = readProviders(written);
  const found = await lookUpAll(referencesNeeded(written, providers), resolve);
  const file = substitute(written, providers, found, report);
  const clusters = readClusters(file, report);
  checkKeys(file, [...clusters.keys()], report);
  const ends = [...clusters.values()];
  const pairs = ends.flatMap((source) =>
    ends.filter((target) => target !== source).map((target) => ({ source, target })),
  );
  const kept = pairs.flatMap(({ source, target }) => {
    const own = new Report();
    const secrets = new SecretReader({ providers, connectsFrom: 'functions', found, report: own });
    const id = flowOf({ source, target });
    const flow = readFlow(id, source, target, { file, clusters, secrets, report: own });
    return flow.enabled || flow.emitHeartbeats.enabled ? [{ flow, warnings: own.warnings }] : [];
  });
  const flows = kept.map(({ flow }) => flow);
  checkFlows(flows, file, report);
  for (const warning of kept.flatMap(({ warnings }) => warnings)) report.warn(warning, warning.message);
  warnOfUnusedSecrets(written, providers, report);
  return { configuration: { clusters: ends, flows }, warnings: report.warnings };
}

function lastOfEach(text: string, report: Report): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const property of parseProperties(text).properties) {
    const earlier = settings.get(property.key);
    if (earlier !== undefined)
      report.warn(earlier, `not used: the same key stands in line ${property.line} again, and the last one counts`);
    settings.set(property.key, property);
  }
  return settings;
}
