import type { CausewayError } from '../flow/errors.ts';
import { FlowState, type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { Action } from './action.ts';
import { RemoteTopicInUseError, SourceTopicHiddenError } from './errors.ts';
import type { ReconcilePorts } from './ports.ts';
import { type Step, write } from './step.ts';
import type { ClusterTopic } from './topic.ts';
import type { Wanted } from './wanted.ts';

const NOTHING: Step = { actions: [] };

/** What is known of a topic whose copying has ended. */
export interface EndedTopic {
  readonly item: TopicItem;
  /** Whether the source shows a topic of this name, covered or not. */
  readonly sourceIsThere: boolean;
  readonly target: ClusterTopic | undefined;
}

/**
 * The next step for the copy of a topic that was deleted at the source. Only what Causeway made is ever deleted, as the
 * incarnation that it made, while the flow covers its source's name: a topic that was taken out of the flow is nobody's.
 */
export function planDeletion({ item, sourceIsThere, target }: EndedTopic, now: number, wanted: Wanted): Step {
  const { action, graceMs } = wanted.deletedTopics;
  const mayGo = action === 'delete' && !sourceIsThere && wanted.topics.covers(item.topic);
  if (!mayGo)
    return item.deletion === undefined ? NOTHING : { actions: [write('kept', { ...item, deletion: undefined })] };
  if (!isOrphan({ item, sourceIsThere, target }) || item.remoteMade !== true) return NOTHING;
  if (item.deletion === undefined) return { actions: [{ kind: 'begin-grace', item }] };
  return now < item.deletion.since + graceMs ? NOTHING : { actions: [{ kind: 'delete-remote-topic', item }] };
}

/** A copy that is there though its source is gone. */
export function isOrphan({ item, sourceIsThere, target }: EndedTopic): boolean {
  return item.state === TopicState.Retired && !sourceIsThere && target?.id === item.targetTopicId;
}

interface Deleted {
  readonly outcome: 'done' | 'overtaken';
  readonly errors: readonly CausewayError[];
}

const OVERTAKEN: Deleted = { outcome: 'overtaken', errors: [] };

/** Notes when the source was found gone, and how far the copy's log was written then. */
export async function beginGrace(
  { item }: Extract<Action, { kind: 'begin-grace' }>,
  { flow }: Wanted,
  ports: ReconcilePorts,
): Promise<Deleted> {
  if (!(await isGone(item, ports))) return { outcome: 'overtaken', errors: [new SourceTopicHiddenError(flow, item)] };
  return { outcome: await note(item, ports), errors: [] };
}

/**
 * Asks everything again at the last moment. A copy that was written to meanwhile has found another owner: it stays for
 * another grace period.
 */
export async function deleteRemoteTopic(
  { item }: Extract<Action, { kind: 'delete-remote-topic' }>,
  { flow }: Wanted,
  ports: ReconcilePorts,
): Promise<Deleted> {
  const { registry } = ports;
  const [state, hold, current] = await Promise.all([registry.flow(), registry.hold(), registry.read(item.topic)]);
  if (state.state === FlowState.Removed || hold !== undefined || current?.version !== item.version) return OVERTAKEN;
  if (!(await isGone(item, ports))) return { outcome: 'overtaken', errors: [new SourceTopicHiddenError(flow, item)] };
  if ((await ports.target.logEnds(item.remoteTopic)) !== item.deletion?.logEnds)
    return { outcome: await note(item, ports), errors: [new RemoteTopicInUseError(flow, item)] };
  await ports.target.remove(item.remoteTopic, item.targetTopicId);
  return { outcome: 'done', errors: [] };
}

/** A cluster may hide a topic from one who has lost the right to see it, but says so when asked for it by name. */
async function isGone({ topic }: TopicItem, { source }: ReconcilePorts): Promise<boolean> {
  return (await source.presence(topic)) === 'gone';
}

async function note(item: TopicItem, { target, registry, clock }: ReconcilePorts): Promise<'done' | 'overtaken'> {
  const deletion = { since: clock.now(), logEnds: await target.logEnds(item.remoteTopic) };
  const noted = await registry.write(item.version, { ...item, version: item.version + 1, deletion });
  return noted === 'written' ? 'done' : 'overtaken';
}
