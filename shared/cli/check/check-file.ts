import { CdkMissingError } from '../../../infra/cdk-missing.ts';
import type { Configuration, Parsed } from '../../config/configuration.ts';
import { ConfigurationError } from '../../config/errors.ts';
import { parseProperties } from '../../config/properties.ts';
import type { Fault } from '../../config/report.ts';
import type { Resolve } from '../../config/secrets/reference.ts';
import type { Settings } from '../../config/setting.ts';
import type { LoadedConfiguration } from '../configuration-file.ts';
import { type Remarks, remarksOnAwsValues } from './aws-values.ts';
import { type CheckedFlow, checkDeployment, describeFlow, onceEach } from './deployment.ts';
import { readablePart } from './readable-part.ts';
import type { Remark } from './remark.ts';

export interface Outcome extends Remarks {
  readonly flows: readonly CheckedFlow[];
}

export interface FileToCheck {
  readonly file: string;
  readonly text: string;
  readonly load: () => Promise<LoadedConfiguration>;
  readonly resolve: Resolve;
  /** The flows that were asked about. */
  readonly choose: (configuration: Configuration) => Configuration['flows'];
}

/** Everything that is wrong with a file, of every kind, in one go: mending one thing brings no other to light. */
export async function checkFile({ file, text, load, resolve, choose }: FileToCheck): Promise<Outcome> {
  const { RegionInfo } = await import('aws-cdk-lib/region-info').catch(noCdk);
  const { configuration, warnings, faults } = await read(text, load, resolve);
  const settings: Settings = new Map(parseProperties(text).properties.map((property) => [property.key, property]));
  const chosen = configuration.clusters.length === 0 ? [] : choose(configuration);
  const deployment = await checkDeployment(chosen, configuration.flows, settings);
  const regions = RegionInfo.regions.map(({ name }) => name);
  const values = remarksOnAwsValues(text, regions);
  const ofKeys = faults.map(remarkOf);
  // One fault a key: what is wrong with it is not said again in other words.
  const told = new Set(ofKeys.map(({ key }) => key));
  const more = [...values.faults, ...deployment.faults].filter(({ key }) => key === undefined || !told.has(key));
  const nothing = faults.length === 0 && !configuration.flows.some(({ enabled }) => enabled);
  return {
    faults: inOrder([
      ...ofKeys,
      ...more,
      ...(nothing ? [{ says: `${file} enables no flow: write <source>-><target>.enabled = true` }] : []),
    ]),
    warnings: inOrder([
      ...warnings.map(({ line, key, message }): Remark => ({ line, key, says: message })),
      ...values.warnings,
      ...deployment.warnings,
    ]),
    flows: chosen.map((flow) => describeFlow(flow, regions)),
  };
}

/** By their lines, what has none last. */
function inOrder(remarks: readonly Remark[]): readonly Remark[] {
  const lineOf = ({ line }: Remark) => line || Number.MAX_SAFE_INTEGER;
  return onceEach(remarks).toSorted((a, b) => lineOf(a) - lineOf(b));
}

/** The constructs' checks are the constructs' own, which need the CDK. */
function noCdk(error: unknown): never {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  throw missing ? new CdkMissingError('causeway check', 'aws-cdk-lib', error) : error;
}

interface Reading extends Parsed {
  readonly faults: readonly Fault[];
}

async function read(text: string, load: FileToCheck['load'], resolve: Resolve): Promise<Reading> {
  try {
    return { ...(await load()), faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { ...(await readablePart(text, resolve)), faults: error.faults };
  }
}

function remarkOf({ line, key, value, expected, nearest }: Fault): Remark {
  const says = `expected ${expected}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
  return { ...(line > 0 && { line }), key, ...(value !== '' && { value }), says };
}
