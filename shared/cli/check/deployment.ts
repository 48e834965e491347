import { LiteralSecretError } from '../../config/errors.ts';
import { decodeFlow, encodeFlow } from '../../config/flow-json.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { isDeployed } from '../../config/is-deployed.ts';
import type { LiteralSecret } from '../../config/secrets/literal.ts';
import type { Settings } from '../../config/setting.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import type { Remarks } from './aws-values.ts';
import { inWordsOfTheFile } from './key-of-property.ts';
import { describeRegion } from './regions.ts';
import type { Remark } from './remark.ts';

export interface CheckedFlow {
  readonly flow: string;
  readonly does: string;
}

/** What a deployment refuses and warns of in these flows, by the keys of the file; each once. @param all pairs of the file */
export async function checkDeployment(flows: readonly Flow[], all: readonly Flow[], file: Settings): Promise<Remarks> {
  const said = await Promise.all(flows.filter(isDeployed).map((flow) => remarksOf(flow, all, file)));
  return {
    faults: onceEach(said.flatMap(({ faults }) => faults)),
    warnings: onceEach(said.flatMap(({ warnings }) => warnings)),
  };
}

export function onceEach(remarks: readonly Remark[]): readonly Remark[] {
  return [...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values()];
}

async function remarksOf(flow: Flow, all: readonly Flow[], file: Settings): Promise<Remarks> {
  const secrets = new Map<LiteralSecret, Remark>();
  const encoded = encodeFlow(flow, (secret) => {
    const { message, next } = new LiteralSecretError(secret);
    secrets.set(secret, { line: secret.line, key: secret.key, says: `${message}. ${next}` });
    return { provider: 'secrets', path: secret.key };
  });
  // The constructs' own checks; they are loaded with the CDK, which no other command needs.
  const [{ flowProps }, { checkProps, InvalidFlowPropsError }, { sourceWarnings, targetWarnings }] = await Promise.all([
    import('../../../infra/configured-flow.ts'),
    import('../../../infra/flow/check-props.ts'),
    import('../../../infra/flow/flow-warnings.ts'),
  ]);
  // A secret in clear text is taken for the reference that it has to become: the rest is judged as it will be then.
  const props = flowProps(decodeFlow(encoded), encoded, all);
  const warnings = [...sourceWarnings(props), ...targetWarnings(props)].map(({ key, says }) => ({ key, says }));
  try {
    checkProps(props, props.target.region);
    return { faults: [...secrets.values()], warnings };
  } catch (error) {
    if (!(error instanceof InvalidFlowPropsError)) throw error;
    const faults = error.faults.map((fault) => inWordsOfTheFile(fault, flowOf(flow), file));
    return { faults: [...secrets.values(), ...faults], warnings };
  }
}

/** @param regions that are known */
export function describeFlow(flow: Flow, regions: readonly string[]): CheckedFlow {
  return { flow: flowName(flowOf(flow)), does: doesOf(flow, (region = '') => describeRegion(region, regions)) };
}

function doesOf({ enabled, source, target }: Flow, named: (region: string | undefined) => string): string {
  if (!enabled)
    return target.region === undefined
      ? `does nothing: it is not enabled, and ${target.alias}.causeway.region, for its heartbeats, is missing`
      : `writes heartbeats only: it is not enabled`;
  const unknown = [source, target].find(({ region }) => region === undefined);
  if (unknown === undefined) return `copies from ${named(source.region)} to ${named(target.region)}`;
  const rest = unknown === source ? `copies to ${named(target.region)}` : `copies from ${named(source.region)}`;
  if (source.region === target.region) return 'copies; in which regions, is not given';
  return `${rest}; in which region ${unknown.alias} is, is not given`;
}
