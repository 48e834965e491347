import { CausewayError } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import type { Hold } from '../../ledger/hold.ts';
import { FlowState, type RegistryListing, type TopicItem, TopicState } from '../../ledger/topic-registry.ts';
import type { TopicPlan } from '../action.ts';
import { configsOfNew } from '../configs/configs-of-new.ts';
import { planHeld } from '../held.ts';
import type { Mapping } from '../mapping.ts';
import { type Facts, isCovered } from '../plan.ts';
import type { ReconcilePorts } from '../ports.ts';
import { orphansOf } from '../reconcile.ts';
import type { ClusterTopic } from '../topic.ts';
import type { Wanted } from '../wanted.ts';
import { type Comparison, compareAll, type OutOfStep } from './compare-all.ts';
import { PlanCallError } from './errors.ts';
import { foresee } from './foresee.ts';

/** What `reconcile` would do now. */
export interface Forecast {
  /** Source topics that the flow copies or should copy. */
  readonly covered: number;
  /** Those with something to be done, waited for or complained of. */
  readonly topics: readonly TopicPlan[];
  /** Of those, the ones that are gone at the source. */
  readonly gone: ReadonlySet<string>;
  /** Remote topics whose settings or ACLs differ, seen to when `sync.topic.*.interval.seconds` have passed. */
  readonly outOfStep: readonly OutOfStep[];
  /** Of settings and ACLs: what cannot be compared, or what the target does not know. */
  readonly faults: readonly CausewayError[];
  /** Remote topics that are there though their source topics are gone. */
  readonly orphans: readonly string[];
  /** Whether its stack is being destroyed: reconcile then does nothing more. */
  readonly removed: boolean;
  /** Set where a runbook holds the flow: reconcile then keeps its mappings disabled, and does nothing else. */
  readonly hold: Hold | undefined;
}

/** One topic as it is found; undefined is what is not there. */
export interface SeenTopic {
  readonly source: ClusterTopic | undefined;
  readonly remoteTopic: string;
  readonly target: ClusterTopic | undefined;
  readonly item: TopicItem | undefined;
  readonly mappings: readonly Mapping[];
}

/**
 * Reads through the ports and changes nothing.
 * @throws CausewayError
 */
export async function forecast(wanted: Wanted, ports: ReconcilePorts): Promise<Forecast> {
  const { mappings, registry } = await readOwn(wanted, ports);
  const { hold } = registry;
  const removed = registry.flow.state === FlowState.Removed;
  if (hold && !removed) {
    const topics = planHeld(mappings, wanted).filter(({ actions, waitingFor }) => actions.length > 0 || waitingFor);
    const covered = registry.topics.filter(({ state }) => state === TopicState.Active).length;
    return { covered, topics, gone: new Set(), outOfStep: [], faults: [], orphans: [], removed, hold };
  }
  const facts = await readClusters(wanted, ports, { mappings, registry });
  const topics = removed ? [] : foresee(facts, wanted);
  const { outOfStep, faults } = removed ? NOTHING : await compareAll(facts, wanted, ports);
  return {
    hold,
    outOfStep,
    faults,
    orphans: orphansOf(facts, wanted),
    covered: facts.sourceTopics.filter((topic) => isCovered(topic, wanted)).length,
    topics,
    gone: new Set(topics.map(({ topic }) => topic).filter((name) => isGone(name, facts))),
    removed,
  };
}

function isGone(name: string, { sourceTopics }: Facts): boolean {
  return !sourceTopics.some((topic) => topic.name === name);
}

/**
 * The same about one topic, with what there is of it; its settings and ACLs are not compared.
 * @throws CausewayError
 */
export async function forecastTopic(
  name: string,
  wanted: Wanted,
  ports: ReconcilePorts,
): Promise<{ readonly seen: SeenTopic; readonly plan: TopicPlan | undefined } & Pick<Forecast, 'removed' | 'hold'>> {
  const { mappings, registry } = await readOwn(wanted, ports);
  const { hold } = registry;
  const removed = registry.flow.state === FlowState.Removed;
  const facts = await readClusters(wanted, ports, { mappings, registry });
  const plans = hold ? planHeld(mappings, wanted) : foresee(facts, wanted);
  const remoteTopic = wanted.topics.remoteTopic(name);
  const item = facts.items.find(({ topic }) => topic === name);
  return {
    seen: {
      source: facts.sourceTopics.find((topic) => topic.name === name),
      remoteTopic,
      target: facts.targetTopics.find((topic) => topic.name === remoteTopic),
      item,
      mappings: facts.mappings.filter(({ topic }) => topic === name),
    },
    plan: removed ? undefined : plans.find(({ topic }) => topic === name),
    removed,
    hold,
  };
}

const NOTHING: Comparison = { outOfStep: [], faults: [] };

interface Own {
  readonly mappings: readonly Mapping[];
  readonly registry: RegistryListing;
}

/** In the order of a look: what another run has just made is not to look like something that nobody wants. */
async function readOwn(wanted: Wanted, ports: ReconcilePorts): Promise<Own> {
  const flow = flowName(wanted.flow);
  const mappings = await told(flow, 'lambda:ListEventSourceMappings', ports.mappings.list());
  const registry = await told(flow, 'dynamodb:Query of the offset map', ports.registry.list());
  return { mappings, registry };
}

async function readClusters(wanted: Wanted, ports: ReconcilePorts, { mappings, registry }: Own): Promise<Facts> {
  const flow = flowName(wanted.flow);
  const [sourceTopics, targetTopics] = await Promise.all([
    told(flow, 'listing the source topics', ports.source.list()),
    told(flow, 'listing the target topics', ports.target.list()),
  ]);
  const covered = sourceTopics.filter((topic) => isCovered(topic, wanted));
  const configs = configsOfNew(covered, targetTopics, wanted, ports.source);
  return {
    now: ports.clock.now(),
    sourceTopics,
    targetTopics,
    mappings,
    items: registry.topics,
    made: new Set<string>(),
    configsOfNew: await told(flow, 'reading settings of source topics', configs),
  };
}

async function told<T>(flow: string, call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof CausewayError ? error : new PlanCallError(flow, call, error);
  }
}
