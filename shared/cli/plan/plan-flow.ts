import { isDeepStrictEqual } from 'node:util';
import {
  type PlannedFlow,
  type PlannedTopic,
  planResponse,
  type SeenTopic,
} from '../../../functions/reconcile/plan-response.ts';
import { decodeFlow, encodeFlow } from '../../config/flow-json.ts';
import type { Flow } from '../../config/flow-schema.ts';
import type { Hold } from '../../ledger/hold.ts';
import { askDeployed, deployedFunction, lambdaIn } from '../ask-deployed.ts';
import { FunctionFailedError, ToldByFunctionError } from '../deployment-errors.ts';

export interface FlowPlan extends PlannedFlow {
  readonly flow: string;
  /** Whether the file says what was deployed; the plan is that of what was deployed. */
  readonly fileIsDeployed: boolean;
}

/** One topic as the flow's `reconcile` finds it now. */
export interface LiveTopic {
  readonly seen: SeenTopic;
  /** Absent where nothing is to be done. */
  readonly next?: PlannedTopic | undefined;
  /** The flow's stack is being destroyed. */
  readonly removed: boolean;
  /** A runbook holds the flow: nothing of it is copied. */
  readonly hold?: Hold | undefined;
  /** Whether the file says what was deployed; undefined where the function does not tell. */
  readonly fileIsDeployed?: boolean | undefined;
}

/**
 * What the deployed `reconcile` of a flow would do now, told by itself: brokers need not be reachable from here.
 * @throws CausewayError
 */
export async function planFlow(flow: Flow, prefix: string): Promise<FlowPlan> {
  const answer = await ask(flow, prefix, {});
  if (!('plan' in answer)) throw misunderstood(flow, prefix);
  const { plan, configuration } = answer;
  return {
    flow: deployedFunction(flow, prefix, 'reconcile', 'source').flow,
    ...plan,
    fileIsDeployed: isDeployed(flow, configuration),
  };
}

/**
 * What there is of a topic of the flow's source, asked of the deployed `reconcile`.
 * @throws CausewayError
 */
export async function seeTopic(flow: Flow, prefix: string, topic: string): Promise<LiveTopic> {
  const answer = await ask(flow, prefix, { topic });
  if (!('seen' in answer)) throw misunderstood(flow, prefix);
  const { configuration, ...seen } = answer;
  return { ...seen, ...(configuration !== undefined && { fileIsDeployed: isDeployed(flow, configuration) }) };
}

async function ask(flow: Flow, prefix: string, about: { readonly topic?: string }) {
  const deployed = deployedFunction(flow, prefix, 'reconcile', 'source');
  const question = { action: 'plan', ...about };
  const answer = await askDeployed(lambdaIn(deployed.region), deployed, question, planResponse);
  if ('error' in answer) throw new ToldByFunctionError(deployed.name, answer.error);
  return answer;
}

function misunderstood(flow: Flow, prefix: string): FunctionFailedError {
  const { flow: name, name: functionName } = deployedFunction(flow, prefix, 'reconcile', 'source');
  return new FunctionFailedError(name, functionName, 'it answered another question');
}

/** Whether a flow of the file is the one that a function has, encoded. */
export function isDeployed(flow: Flow, encoded: string): boolean {
  // A file with a secret in clear text was never deployed.
  const written = encodeFlow(flow, ({ key }) => ({ provider: 'secrets', path: key }));
  return isDeepStrictEqual(decodeFlow(written), decodeFlow(encoded));
}
