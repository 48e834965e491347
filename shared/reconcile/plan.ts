import { CausewayError } from '../flow/errors.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { Action, TopicPlan } from './action.ts';
import type { PerTopic } from './configs/topic-configs.ts';
import { consumerGroup, isCausewayGroup } from './consumer-group.ts';
import { planDeletion } from './deletion.ts';
import { findNameFaults } from './faults.ts';
import { type Mapping, StartPosition } from './mapping.ts';
import { planMapping } from './plan-mapping.ts';
import { type Step, write } from './step.ts';
import type { ClusterTopic } from './topic.ts';
import type { Wanted } from './wanted.ts';

/**
 * What was found, in this order: mappings, then items, then topics. A mapping is made for an item and an item for topics
 * that were there; found the other way round, what another run has just made would look like what nobody wants any more.
 */
export interface Facts {
  /** ms since the epoch */
  readonly now: number;
  readonly sourceTopics: readonly ClusterTopic[];
  readonly targetTopics: readonly ClusterTopic[];
  readonly items: readonly TopicItem[];
  readonly mappings: readonly Mapping[];
  /** What remote topics that do not exist yet are made with, by source topic. */
  readonly configsOfNew: PerTopic<Readonly<Record<string, string>>>;
  /** Ids of remote topics that this run made. */
  readonly made: ReadonlySet<string>;
}

/**
 * The next steps for every topic that the flow covers or once did. Invariants:
 *
 * A. A mapping is made only for an `active` item whose topic ids are those of the topics that exist.
 * B. A generation is raised only when no mapping of the topic exists, and `drainMs` after none was first seen: no
 *    delivery of the old incarnation can be running.
 * C. A remote topic is made anew under a registered name only after the same drain, so nothing late can land in it.
 * D. Partitions only grow; items are never deleted, and no topic but a copy that Causeway made, after its grace period.
 * E. Planning again after every action succeeded gives nothing, or only a wait.
 */
export function planTopics(facts: Facts, wanted: Wanted): readonly TopicPlan[] {
  const sources = byName(facts.sourceTopics.filter((topic) => isCovered(topic, wanted)));
  const targets = byName(facts.targetTopics);
  const items = new Map(facts.items.map((item) => [item.topic, item]));
  const mappings = Map.groupBy(
    facts.mappings.filter((mapping) => isCausewayGroup(mapping.group)),
    (mapping) => mapping.topic,
  );
  const names = new Set([...sources.keys(), ...items.keys(), ...mappings.keys()]);
  const present = new Set(facts.sourceTopics.map(({ name }) => name));
  const faults = findNameFaults(sources.keys(), facts.items, [...targets.keys()], wanted);
  return [...names].sort().map((topic) => {
    const fault = faults.get(topic);
    if (fault !== undefined) return { topic, actions: [], waitingFor: undefined, fault };
    const remoteTopic = wanted.topics.remoteTopic(topic);
    const view = {
      topic,
      remoteTopic,
      source: sources.get(topic),
      target: targets.get(remoteTopic),
      mappings: mappings.get(topic) ?? [],
      configs: facts.configsOfNew.get(topic),
      sourceIsThere: present.has(topic),
      isMade: facts.made.has(targets.get(remoteTopic)?.id ?? ''),
    };
    const item = items.get(topic);
    const step = item === undefined ? planUnknown(view, wanted) : planKnown(view, item, facts.now, wanted);
    return { topic, actions: step.actions, waitingFor: step.waitingFor, fault: step.fault };
  });
}

interface TopicView {
  readonly topic: string;
  readonly remoteTopic: string;
  /** Undefined when there is none, or the flow does not cover it. */
  readonly source: ClusterTopic | undefined;
  /** Whether there is one, covered or not. */
  readonly sourceIsThere: boolean;
  readonly target: ClusterTopic | undefined;
  /** Whether this run made the target topic that is there. */
  readonly isMade: boolean;
  readonly mappings: readonly Mapping[];
  /** Undefined when the remote topic exists. */
  readonly configs: Readonly<Record<string, string>> | CausewayError | undefined;
}

function planUnknown(view: TopicView, wanted: Wanted): Step {
  if (view.source === undefined) return removeMappings(view.mappings);
  if (view.target === undefined) return createRemoteTopic(view, view.source);
  const item = incarnation(view, view.source, view.target, 1, wanted);
  const beginsAt = wanted.start === StartPosition.Earliest ? {} : { beginsAt: wanted.start };
  return { actions: [{ kind: 'write-item', reason: 'first-seen', item: { ...item, version: 1 }, ...beginsAt }] };
}

function planKnown(view: TopicView, item: TopicItem, now: number, wanted: Wanted): Step {
  if (item.state === TopicState.Active) return planActive(view, item, wanted);
  const removal = removeMappings(view.mappings);
  if (view.mappings.length > 0) {
    if (item.drainedAfter === undefined) return removal;
    // A run that had read an older item made it: the drain starts over.
    return { ...removal, actions: [write('mapping-back', { ...item, ...draining() }), ...removal.actions] };
  }
  if (item.state === TopicState.Draining) {
    if (item.drainedAfter === undefined)
      return { actions: [write('mapping-gone', { ...item, drainedAfter: now + wanted.drainMs })] };
    if (now < item.drainedAfter) return { actions: [], waitingFor: 'deliveries-ended' };
  }
  return planDrained(view, item, now, wanted);
}

function planActive(view: TopicView, item: TopicItem, wanted: Wanted): Step {
  const { source, target } = view;
  if (source === undefined) return { actions: [write('no-longer-covered', { ...item, ...draining() })] };
  if (target === undefined || !isSame(item, source, target))
    return { actions: [write('topic-made-anew', { ...item, ...draining() })] };
  // Another run was quicker to note the topic than this one, which made it.
  if (view.isMade && item.remoteMade !== true)
    return { actions: [write('remote-made', { ...item, remoteMade: true })] };
  const grow: Action[] =
    target.partitions < source.partitions
      ? [{ kind: 'grow-remote-topic', remoteTopic: target.name, partitions: source.partitions }]
      : [];
  if (item.partitions !== source.partitions)
    return { actions: [...grow, write('partitions', { ...item, partitions: source.partitions })] };
  const step = planMapping(view.mappings, item, wanted);
  return { ...step, actions: [...grow, ...step.actions] };
}

function planDrained(view: TopicView, item: TopicItem, now: number, wanted: Wanted): Step {
  const { source, target } = view;
  if (source === undefined) {
    if (item.state === TopicState.Retired) return planDeletion({ ...view, item }, now, wanted);
    return { actions: [write('retired', { ...item, state: TopicState.Retired })] };
  }
  if (target === undefined) return createRemoteTopic(view, source);
  if (isSame(item, source, target))
    return {
      actions: [write('resumed', { ...item, state: TopicState.Active, drainedAfter: undefined, deletion: undefined })],
    };
  const next = incarnation(view, source, target, item.generation + 1, wanted);
  const remoteMade = next.remoteMade || (item.remoteMade && item.targetTopicId === target.id);
  return { actions: [write('new-generation', { ...next, remoteMade, version: item.version })] };
}

function incarnation(
  view: TopicView,
  source: ClusterTopic,
  target: ClusterTopic,
  generation: number,
  wanted: Wanted,
): Omit<TopicItem, 'version'> {
  return {
    topic: view.topic,
    remoteTopic: view.remoteTopic,
    generation,
    sourceTopicId: source.id,
    targetTopicId: target.id,
    partitions: source.partitions,
    state: TopicState.Active,
    consumerGroup: consumerGroup(wanted.flow, view.topic, generation),
    mappingUuid: undefined,
    drainedAfter: undefined,
    remoteMade: view.isMade ? true : undefined,
  };
}

function isSame(item: TopicItem, source: ClusterTopic, target: ClusterTopic): boolean {
  return item.sourceTopicId === source.id && item.targetTopicId === target.id;
}

function draining(): Pick<TopicItem, 'state' | 'drainedAfter'> {
  return { state: TopicState.Draining, drainedAfter: undefined };
}

/** Never without the source's settings: the target's own retention might take what is copied away again. */
function createRemoteTopic({ remoteTopic, configs = {} }: TopicView, { partitions }: ClusterTopic): Step {
  if (configs instanceof CausewayError) return { actions: [], fault: configs };
  return { actions: [{ kind: 'create-remote-topic', remoteTopic, partitions, configs }] };
}

function removeMappings(mappings: readonly Mapping[]): Step {
  const actions = mappings
    .filter((mapping) => mapping.phase !== 'deleting')
    .map(({ uuid }): Action => ({ kind: 'delete-mapping', uuid, reason: 'not-wanted' }));
  return { actions, waitingFor: mappings.length > 0 ? 'mapping-deleted' : undefined };
}

/** Whether the flow copies what the cluster shows. */
export function isCovered({ name, internal }: ClusterTopic, wanted: Wanted): boolean {
  return !internal && wanted.topics.covers(name);
}

function byName(topics: readonly ClusterTopic[]): Map<string, ClusterTopic> {
  return new Map(topics.map((topic) => [topic.name, topic]));
}
