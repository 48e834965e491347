import { readFileSync } from 'node:fs';
import { encodeFlow } from '../shared/config/flow-json.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import type { Warning } from '../shared/config/report.ts';
import { flowProps } from './configured-flow.ts';
import type { ReplicationFlowProps } from './flow/props.ts';

export interface DeployableConfiguration {
  readonly flows: readonly ReplicationFlowProps[];
  readonly warnings: readonly Warning[];
}

/**
 * The flows of a properties file that copy topics.
 * @throws ConfigurationError with every fault of the file; LiteralSecretError for a secret in clear text; the file
 * system's error when there is no such file
 */
export function readConfiguration(path: string): DeployableConfiguration {
  const { configuration, warnings } = parseConfiguration(readFileSync(path, 'utf8'), { file: path });
  const enabled = configuration.flows.filter((flow) => flow.enabled);
  const flows = enabled.map((flow) => ({
    ...flowProps(flow, encodeFlow(flow)),
    twoWay: flow.policy.kind === 'identity' && enabled.some((other) => isOpposite(flow, other)),
  }));
  return { flows, warnings };
}

/**
 * One flow of a properties file, for a construct of your own: `readFlow('mm2.properties', 'us-east->us-west')`.
 * @throws as `readConfiguration`, and RangeError when the file enables no such flow
 */
export function readFlow(path: string, name: string): ReplicationFlowProps {
  const { flows } = readConfiguration(path);
  const found = flows.find(({ flow }) => `${flow.source}->${flow.target}` === name);
  if (found !== undefined) return found;
  const names = flows.map(({ flow }) => `${flow.source}->${flow.target}`);
  throw new RangeError(`${path} enables no flow ${name}; it enables ${names.join(', ') || 'none'}`);
}

function isOpposite(flow: Flow, other: Flow): boolean {
  return flow.source.alias === other.target.alias && flow.target.alias === other.source.alias;
}
