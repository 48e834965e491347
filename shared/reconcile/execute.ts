import type { CausewayError } from '../flow/errors.ts';
import { FlowState, type TopicItem } from '../ledger/topic-registry.ts';
import type { Action, TopicPlan } from './action.ts';
import { makeRemoteTopic } from './configs/make-topic.ts';
import { beginGrace, deleteRemoteTopic } from './deletion.ts';
import { ReconcileStepError, RemoteTopicNotEmptyError } from './errors.ts';
import type { ReconcilePorts, StartOffsets } from './ports.ts';
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
  /** Id of the remote topic that was made; undefined where none was. */
  readonly made: string | undefined;
}

/** What came of one action. */
interface Result {
  readonly outcome: ActionOutcome;
  /** What of it could not be done. */
  readonly errors?: readonly CausewayError[];
  readonly made?: string | undefined;
}

/** Carries out one topic's plan up to its first failure, which is reported and never thrown. */
export async function executePlan(plan: TopicPlan, wanted: Wanted, ports: ReconcilePorts): Promise<TopicOutcome> {
  const done: ActionOutcome[] = [];
  const errors: CausewayError[] = plan.fault === undefined ? [] : [plan.fault];
  let made: string | undefined;
  for (const action of plan.actions) {
    try {
      const result = await execute(action, plan.topic, wanted, ports);
      done.push(result.outcome);
      errors.push(...(result.errors ?? []));
      made ??= result.made;
      if (result.outcome === 'done' && action.kind === 'write-item' && action.reason === 'first-seen' && !wanted.twoWay)
        errors.push(...(await foreignRecords(action.item, wanted, ports)));
    } catch (cause) {
      errors.push(new ReconcileStepError(wanted.flow, plan.topic, action.kind, cause));
      break;
    }
  }
  return { plan, done, errors, made };
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
async function execute(action: Action, topic: string, wanted: Wanted, ports: ReconcilePorts): Promise<Result> {
  switch (action.kind) {
    case 'create-remote-topic':
      return createRemoteTopic(action, topic, wanted, ports);
    case 'begin-grace':
      return beginGrace(action, wanted, ports);
    case 'delete-remote-topic':
      return deleteRemoteTopic(action, wanted, ports);
    case 'grow-remote-topic':
      await ports.target.grow(action.remoteTopic, action.partitions);
      return { outcome: 'done' };
    case 'write-item':
      return writeItem(action, ports);
    case 'create-mapping':
      return createMapping(action, wanted, ports);
    case 'update-mapping':
      // A look that began before the flow was held is not to enable what its runbook disables.
      if (action.settings.enabled && (await ports.registry.hold())) return { outcome: 'overtaken' };
      return doneIf((await ports.mappings.update(action.uuid, action.settings)) === 'updated');
    case 'delete-mapping':
      return doneIf((await ports.mappings.remove(action.uuid)) === 'removed');
  }
}

function doneIf(done: boolean): Result {
  return { outcome: done ? 'done' : 'overtaken' };
}

async function createRemoteTopic(
  { remoteTopic, partitions, configs }: Extract<Action, { kind: 'create-remote-topic' }>,
  topic: string,
  { flow, replicationFactor }: Wanted,
  { target }: ReconcilePorts,
): Promise<Result> {
  const remote = { name: remoteTopic, partitions, replicationFactor, configs };
  const { topicId, errors } = await makeRemoteTopic(flow, topic, remote, target);
  return { outcome: 'done', errors, made: topicId };
}

/** Where partitions begin is asked once, and noted before anything is copied: every later mapping begins there as well. */
async function writeItem(
  { item, beginsAt }: Extract<Action, { kind: 'write-item' }>,
  { registry, source }: ReconcilePorts,
): Promise<Result> {
  const begins = beginsAt && (await source.offsetsAt(item.topic, item.partitions, beginsAt));
  const written = { ...item, ...(begins && { begins }) };
  return doneIf((await registry.write(item.version - 1, written)) === 'written');
}

/**
 * Lambda begins in each partition at its group's commit, and at the log's start where there is none: in a partition that
 * came later, or where commits have expired, records are delivered again rather than passed over.
 */
async function createMapping(
  { item }: Extract<Action, { kind: 'create-mapping' }>,
  wanted: Wanted,
  { mappings, registry, startOffsets }: ReconcilePorts,
): Promise<Result> {
  await commitBegins(item, startOffsets);
  // Asked again at the last moment: a mapping made while the stack is destroyed would outlive it.
  const [flow, hold, current] = await Promise.all([registry.flow(), registry.hold(), registry.read(item.topic)]);
  if (flow.state === FlowState.Removed || hold !== undefined || current?.version !== item.version)
    return { outcome: 'overtaken' };
  const { topic, generation, consumerGroup: group } = item;
  const { origin, settings } = wanted;
  return doneIf((await mappings.create({ topic, generation, group, origin, settings })) === 'created');
}

/** Never behind what the group has committed: what is copied is not to be delivered again for nothing. */
async function commitBegins(
  { topic, consumerGroup, begins }: TopicItem,
  { committed, commit }: StartOffsets,
): Promise<void> {
  if (begins === undefined) return;
  const known = await committed(consumerGroup, topic);
  const missing = [...begins.entries()].filter(([partition]) => !known.has(partition));
  if (missing.length > 0) await commit(consumerGroup, topic, new Map(missing));
}
