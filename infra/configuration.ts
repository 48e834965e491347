import { readFile } from 'node:fs/promises';
import { lookUpHere } from '../shared/adapters/look-up.ts';
import { ConfigurationFileError } from '../shared/config/errors.ts';
import { encodeFlow } from '../shared/config/flow-json.ts';
import { isDeployed } from '../shared/config/is-deployed.ts';
import { oppositeOf } from '../shared/config/opposite-flow.ts';
import { resolveConfiguration } from '../shared/config/parse-configuration.ts';
import type { Warning } from '../shared/config/report.ts';
import { encodeTopicChoice } from '../shared/config/topic-choice.ts';
import { CausewayError } from '../shared/flow/errors.ts';
import { flowProps, remoteTopics } from './configured-flow.ts';
import type { ReplicationFlowProps } from './flow/props.ts';

/** A file is in order and asks for nothing that could be deployed. */
export class NothingToDeployError extends CausewayError {
  readonly code = 'NOTHING_TO_DEPLOY';
  readonly retriable = false;

  constructor(file: string) {
    super(`${file} enables no flow`, {
      safe: 'Nothing was built or deployed.',
      next: 'Write <source>-><target>.enabled = true for the pairs that are to be replicated.',
    });
  }
}

export interface DeployableConfiguration {
  readonly flows: readonly ReplicationFlowProps[];
  readonly warnings: readonly Warning[];
}

/**
 * The flows of a properties file that copy topics, and the pairs that only write heartbeats. References outside of secrets are looked up now, from here; secrets
 * stay references, which the functions look up.
 * @throws ConfigurationError with every fault of the file; LiteralSecretError for a secret in clear text;
 * NothingToDeployError; ConfigurationFileError when there is no such file
 */
export async function readConfiguration(path: string): Promise<DeployableConfiguration> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigurationFileError(path, error);
  });
  const resolve = lookUpHere(process.env);
  const { configuration, warnings } = await resolveConfiguration(text, { file: path, resolve });
  const enabled = configuration.flows.filter((flow) => flow.enabled);
  if (enabled.length === 0) throw new NothingToDeployError(path);
  const flows = configuration.flows.filter(isDeployed).map((flow) => {
    const opposite = flow.enabled ? oppositeOf(flow, enabled) : undefined;
    return {
      ...flowProps(flow, encodeFlow(flow), configuration.flows),
      twoWay: opposite !== undefined && flow.policy.kind === 'identity',
      ...(opposite !== undefined && {
        reverse: { remoteTopics: remoteTopics(opposite), topicChoice: encodeTopicChoice(opposite) },
      }),
    };
  });
  return { flows, warnings };
}

/**
 * One flow of a properties file, for a construct of your own: `await readFlow('mm2.properties', 'us-east->us-west')`.
 * @throws as `readConfiguration`, and RangeError when the file enables no such flow
 */
export async function readFlow(path: string, name: string): Promise<ReplicationFlowProps> {
  const { flows } = await readConfiguration(path);
  const copying = flows.filter(({ heartbeatsOnly }) => !heartbeatsOnly);
  const found = copying.find(({ flow }) => `${flow.source}->${flow.target}` === name);
  if (found !== undefined) return found;
  const names = copying.map(({ flow }) => `${flow.source}->${flow.target}`);
  throw new RangeError(`${path} enables no flow ${name}; it enables ${names.join(', ')}`);
}
