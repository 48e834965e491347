import { isDeepStrictEqual } from 'node:util';
import { wire } from '../../../functions/reconcile/wiring.ts';
import { physicalName } from '../../../infra/flow/names.ts';
import { controlPlaneClient } from '../../adapters/lambda/client.ts';
import { decodeFlow, encodeFlow } from '../../config/flow-json.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { CausewayError } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import { FlowState } from '../../ledger/topic-registry.ts';
import type { TopicPlan } from '../../reconcile/action.ts';
import { configsOfNew } from '../../reconcile/configs/configs-of-new.ts';
import { isCovered } from '../../reconcile/plan.ts';
import type { ReconcilePorts } from '../../reconcile/ports.ts';
import { orphansOf } from '../../reconcile/reconcile.ts';
import type { Wanted } from '../../reconcile/wanted.ts';
import { AwsCallError } from '../deployment-errors.ts';
import { RegionUnknownError } from '../errors.ts';
import { type Comparison, compareAll, type OutOfStep } from './compare-all.ts';
import { readDeployed } from './deployed-reconcile.ts';
import { foresee } from './foresee.ts';

export interface FlowPlan {
  readonly flow: string;
  /** Source topics that the flow copies or should copy. */
  readonly covered: number;
  /** Those with something to be done, waited for or complained of. */
  readonly topics: readonly TopicPlan[];
  /** Remote topics whose settings or ACLs differ, seen to when `sync.topic.*.interval.seconds` have passed. */
  readonly outOfStep: readonly OutOfStep[];
  /** Of settings and ACLs: what cannot be compared, or what the target does not know. */
  readonly faults: readonly CausewayError[];
  /** Remote topics that are there though their source topics are gone. */
  readonly orphans: readonly string[];
  /** Whether its stack is being destroyed: reconcile then does nothing more. */
  readonly removed: boolean;
  /** Whether the file says what was deployed; the plan is that of what was deployed. */
  readonly fileIsDeployed: boolean;
}

/**
 * What the deployed `reconcile` of a flow would do now. It is asked for its settings; clusters, offset map and Lambda are
 * read from here.
 * @throws CausewayError
 */
export async function planFlow(flow: Flow, prefix: string): Promise<FlowPlan> {
  const id = { source: flow.source.alias, target: flow.target.alias };
  const name = flowName(id);
  const { region } = flow.source;
  if (region === undefined) throw new RegionUnknownError(name, id.source);
  // The clients of the function's own wiring take the region that they run in from there.
  process.env.AWS_REGION = region;
  const deployed = { flow: name, name: physicalName(prefix, id, 'reconcile'), region };
  const environment = await readDeployed(controlPlaneClient(), deployed);
  const { wanted, ports } = wire(environment);
  return { flow: name, fileIsDeployed: isDeployed(flow, environment.FLOW), ...(await planFrom(wanted, ports)) };
}

/** Reads through the ports and changes nothing. */
export async function planFrom(
  wanted: Wanted,
  ports: ReconcilePorts,
): Promise<Omit<FlowPlan, 'flow' | 'fileIsDeployed'>> {
  const flow = flowName(wanted.flow);
  // In the order of a look: what another run has just made is not to look like something that nobody wants.
  const mappings = await told(flow, 'lambda:ListEventSourceMappings', ports.mappings.list());
  const registry = await told(flow, 'dynamodb:Query of the offset map', ports.registry.list());
  const [sourceTopics, targetTopics] = await Promise.all([
    told(flow, 'listing the source topics', ports.source.list()),
    told(flow, 'listing the target topics', ports.target.list()),
  ]);
  const removed = registry.flow.state === FlowState.Removed;
  const covered = sourceTopics.filter((topic) => isCovered(topic, wanted));
  const configs = configsOfNew(covered, targetTopics, wanted, ports.source);
  const facts = {
    now: ports.clock.now(),
    sourceTopics,
    targetTopics,
    mappings,
    items: registry.topics,
    made: new Set<string>(),
    configsOfNew: await told(flow, 'reading settings of source topics', configs),
  };
  const { outOfStep, faults } = removed ? NOTHING : await compareAll(facts, wanted, ports);
  return {
    outOfStep,
    faults,
    orphans: orphansOf(facts, wanted),
    covered: covered.length,
    topics: removed ? [] : foresee(facts, wanted),
    removed,
  };
}

const NOTHING: Comparison = { outOfStep: [], faults: [] };

async function told<T>(flow: string, call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof CausewayError ? error : new AwsCallError(flow, call, error);
  }
}

function isDeployed(flow: Flow, encoded: string): boolean {
  // A file with a secret in clear text was never deployed.
  const written = encodeFlow(flow, ({ key }) => ({ provider: 'secrets', path: key }));
  return isDeepStrictEqual(decodeFlow(written), decodeFlow(encoded));
}
