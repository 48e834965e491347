import type { CausewayError } from '../flow/errors.ts';
import { FlowState, type TopicItem } from '../ledger/topic-registry.ts';
import type { Action, TopicPlan } from './action.ts';
import { ReconcileStepError, RemoteTopicNotEmptyError } from './errors.ts';
import type { ReconcilePorts } from './ports.ts';
import type { Wanted } from './wanted.ts';

/**
 * done: changed as planned. overtaken: another run, or an earlier change still being carried out by Lambda, was in the
 * way; nothing was changed.
 */
export type ActionOutcome = 'done' | 'overtaken';

export interface TopicOutcome {
  readonly plan: TopicPlan;
  /** Of the plan's actions, in order, as far as they were carried out. */
  readonly done: readonly ActionOutcome[];
  readonly errors: readonly CausewayError[];
}

/** Carries out one topic's plan up to its first failure, which is reported and never thrown. */
export async function executePlan(plan: TopicPlan, wanted: Wanted, ports: ReconcilePorts): Promise<TopicOutcome> {
  const done: ActionOutcome[] = [];
  const errors: CausewayError[] = plan.fault === undefined ? [] : [plan.fault];
  for (const action of plan.actions) {
    try {
      const outcome = await execute(action, wanted, ports);
      done.push(outcome);
      if (outcome === 'done' && action.kind === 'write-item' && action.reason === 'first-seen' && !wanted.twoWay)
        errors.push(...(await foreignRecords(action.item, wanted, ports)));
    } catch (cause) {
      errors.push(new ReconcileStepError(wanted.flow, plan.topic, action.kind, cause));
      break;
    }
  }
  return { plan, done, errors };
}

/** `replicate` refuses such a topic by itself: this tells of it early, and does not stand in the way when it cannot. */
async function foreignRecords(
  { topic, remoteTopic }: TopicItem,
  { flow }: Wanted,
  { target }: ReconcilePorts,
): Promise<CausewayError[]> {
  const empty = await target.isEmpty(remoteTopic).catch(() => true);
  return empty ? [] : [new RemoteTopicNotEmptyError(flow, topic, remoteTopic)];
}

/** Carries out one action. Repeating it, or doing it late, does no harm. @throws what the port throws */
export async function execute(action: Action, wanted: Wanted, ports: ReconcilePorts): Promise<ActionOutcome> {
  switch (action.kind) {
    case 'create-remote-topic':
      await ports.target.create(action.remoteTopic, action.partitions, wanted.replicationFactor);
      return 'done';
    case 'grow-remote-topic':
      await ports.target.grow(action.remoteTopic, action.partitions);
      return 'done';
    case 'write-item':
      return (await ports.registry.write(action.item.version - 1, action.item)) === 'written' ? 'done' : 'overtaken';
    case 'create-mapping':
      return createMapping(action, wanted, ports);
    case 'update-mapping':
      return (await ports.mappings.update(action.uuid, action.settings)) === 'updated' ? 'done' : 'overtaken';
    case 'delete-mapping':
      return (await ports.mappings.remove(action.uuid)) === 'removed' ? 'done' : 'overtaken';
  }
}

async function createMapping(
  { item, start }: Extract<Action, { kind: 'create-mapping' }>,
  wanted: Wanted,
  { mappings, registry }: ReconcilePorts,
): Promise<ActionOutcome> {
  // Asked again at the last moment: a mapping made while the stack is destroyed would outlive it.
  const [flow, current] = await Promise.all([registry.flow(), registry.read(item.topic)]);
  if (flow.state === FlowState.Removed || current?.version !== item.version) return 'overtaken';
  const { topic, generation, consumerGroup: group } = item;
  const { origin, settings } = wanted;
  return (await mappings.create({ topic, generation, group, start, origin, settings })) === 'created'
    ? 'done'
    : 'overtaken';
}
