import { LiteralSecretError } from '../../config/errors.ts';
import { encodeFlow } from '../../config/flow-json.ts';
import type { Flow } from '../../config/flow-schema.ts';
import type { LiteralSecret } from '../../config/secrets/literal.ts';
import { flowName } from '../../flow/flow.ts';
import type { Remark } from './remark.ts';

export interface CheckedFlow {
  readonly flow: string;
  readonly does: string;
}

/** What a deployment would refuse in flows whose every key and value is right. */
export async function checkDeployment(
  flows: readonly Flow[],
): Promise<{ readonly faults: readonly Remark[]; readonly flows: readonly CheckedFlow[] }> {
  const faults = await Promise.all(flows.filter(({ enabled }) => enabled).map(faultsOf));
  const unique = new Map(faults.flat().map((fault) => [JSON.stringify(fault), fault]));
  return { faults: [...unique.values()], flows: flows.map((flow) => ({ flow: nameOf(flow), does: doesOf(flow) })) };
}

async function faultsOf(flow: Flow): Promise<readonly Remark[]> {
  const secrets = new Map<LiteralSecret, Remark>();
  const encoded = encodeFlow(flow, (secret) => {
    const { message, next } = new LiteralSecretError(secret);
    secrets.set(secret, { line: secret.line, key: secret.key, says: `${message}. ${next}` });
    return { provider: 'secrets', path: secret.key };
  });
  if (secrets.size > 0) return [...secrets.values()];
  // The constructs' own checks; they are loaded with the CDK, which no other command needs.
  const [{ flowProps }, { checkProps, InvalidFlowPropsError }] = await Promise.all([
    import('../../../infra/configured-flow.ts'),
    import('../../../infra/flow/check-props.ts'),
  ]);
  try {
    const props = flowProps(flow, encoded);
    checkProps(props, props.source.region);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFlowPropsError)) throw error;
    return error.faults.map((says) => ({ flow: nameOf(flow), says }));
  }
}

function doesOf({ enabled, source, target }: Flow): string {
  if (!enabled) return 'writes heartbeats only: it is not enabled';
  const region = (end: Flow['source']) => end.region ?? 'a region that is not given';
  return `copies from ${region(source)} to ${region(target)}`;
}

function nameOf({ source, target }: Flow): string {
  return flowName({ source: source.alias, target: target.alias });
}
