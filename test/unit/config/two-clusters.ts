import type { Parsed } from '../../../shared/config/configuration.ts';
import { ConfigurationError } from '../../../shared/config/errors.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';

const BASE = [
  'clusters = us-east, us-west',
  'us-east.bootstrap.servers = e1:9092',
  'us-west.bootstrap.servers = w1:9092',
  'us-east->us-west.enabled = true',
];

/** Two clusters, one flow, and more lines from line 5 on. */
export function fileWith(...more: string[]): string {
  return [...BASE, ...more].join('\n');
}

export function parse(...more: string[]): Parsed {
  return parseConfiguration(fileWith(...more), { file: 'mm2.properties' });
}

export function flow(...more: string[]): Flow {
  return findFlow(parse(...more), 'us-east', 'us-west');
}

export function findFlow({ configuration }: Parsed, source: string, target: string): Flow {
  const found = configuration.flows.find((each) => each.source.alias === source && each.target.alias === target);
  if (found === undefined) throw new Error(`no flow ${source}->${target}`);
  return found;
}

/** What is wrong with a whole file. */
export function faults(text: string): ConfigurationError {
  try {
    parseConfiguration(text, { file: 'mm2.properties' });
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('no fault was found');
}

export function faultsOf(...more: string[]) {
  return faults(fileWith(...more)).faults;
}

/** `<line> <key>: <message>`. */
export function warnings(...more: string[]): readonly string[] {
  return parse(...more).warnings.map(({ line, key, message }) => `${line} ${key}: ${message}`);
}
