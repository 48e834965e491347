import { type FlowId, flowName } from '../flow/flow.ts';
import type { Compacted } from '../flow/side.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import { consumerGroup } from '../reconcile/consumer-group.ts';
import type { Mapping } from '../reconcile/mapping.ts';
import { sideBySide } from '../reconcile/side-by-side.ts';
import type { ClusterTopic } from '../reconcile/topic.ts';
import type { Adoption, AdoptWanted, PartitionOutcome, PartitionPlan, TopicAdoption } from './adoption.ts';
import { TwoWayAdoptionError } from './errors.ts';
import type { Evidence, PartitionEvidence } from './evidence.ts';
import { findPosition } from './find-position.ts';
import type { AdoptPorts } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { checkStart } from './start.ts';

interface TopicFacts {
  readonly source: ClusterTopic;
  readonly target: ClusterTopic;
  readonly item: TopicItem | undefined;
  readonly mappings: readonly Mapping[];
  readonly compaction: Compacted;
}

/**
 * Finds out where MirrorMaker 2 stopped with each partition, and changes nothing.
 * @throws TwoWayAdoptionError, and what clusters, table and Lambda throw
 */
export async function planAdoption(wanted: AdoptWanted, ports: AdoptPorts): Promise<Adoption> {
  if (wanted.twoWay) throw new TwoWayAdoptionError(flowName(wanted.flow));
  const [evidence, topics] = await Promise.all([ports.evidence(), topicsToAdopt(wanted, ports)]);
  const looked = ports.clock.now();
  const adoptions: TopicAdoption[] = [];
  for (const facts of topics) adoptions.push(await planTopic(facts, wanted, evidence, ports));
  const quiet = await refuseMoving(adoptions, looked + wanted.quietMs, ports);
  // Asked last: a worker that went away while its target was looked at may have written until then.
  const workersRunning = await ports.workersRunning();
  const found = new Set(quiet.map(({ topic }) => topic));
  return {
    flow: flowName(wanted.flow),
    connectors: evidence.connectors,
    workersRunning,
    absent: (wanted.only ?? []).filter((topic) => !found.has(topic)),
    topics: quiet,
  };
}

/** Topics with a copy, in order; the others MirrorMaker 2 has not begun with. */
async function topicsToAdopt(wanted: AdoptWanted, ports: AdoptPorts): Promise<readonly TopicFacts[]> {
  const [sources, targets, { topics: items }, mappings] = await Promise.all([
    ports.source.topics(),
    ports.target.topics(),
    ports.registry.list(),
    ports.mappings(),
  ]);
  const byName = new Map(targets.map((topic) => [topic.name, topic]));
  const itemOf = new Map(items.map((item) => [item.topic, item]));
  const isAsked = (name: string) => (wanted.only ? wanted.only.includes(name) : wanted.topics.covers(name));
  const pairs = sources
    .filter(({ name, internal }) => !internal && isAsked(name))
    .flatMap((source) => {
      const target = byName.get(wanted.topics.remoteTopic(source.name));
      return target ? [{ source, target }] : [];
    })
    .sort((a, b) => (a.source.name < b.source.name ? -1 : 1));
  const [here, there] = await Promise.all([
    ports.source.compacted(pairs.map(({ source }) => source.name)),
    ports.target.compacted(pairs.map(({ target }) => target.name)),
  ]);
  return pairs.map(({ source, target }) => ({
    source,
    target,
    item: itemOf.get(source.name),
    mappings: mappings.filter(({ topic }) => topic === source.name),
    compaction: { source: here.has(source.name), target: there.has(target.name) },
  }));
}

async function planTopic(
  facts: TopicFacts,
  wanted: AdoptWanted,
  evidence: Evidence,
  ports: AdoptPorts,
): Promise<TopicAdoption> {
  const { source, target, mappings, compaction } = facts;
  const item = facts.item ?? newItem(facts, wanted);
  const adoption = {
    topic: source.name,
    remoteTopic: target.name,
    item,
    isRegistered: facts.item !== undefined,
    hasMapping: mappings.some(({ group }) => group === item.consumerGroup),
    sparse: wanted.keepsNames || compaction.source,
  };
  // One that is out of the flow at present goes on as the same generation when it is back.
  const isReady =
    item.state !== TopicState.Draining && item.sourceTopicId === source.id && item.targetTopicId === target.id;
  const numbers = Array.from({ length: source.partitions }, (_, partition) => partition);
  if (!isReady)
    return { ...adoption, partitions: numbers.map((partition) => refuse(partition, { kind: 'not-ready' })) };
  const begun = adoption.hasMapping ? await ports.startOffsets.committed(item.consumerGroup, source.name) : undefined;
  const partitions = await sideBySide(numbers, async (partition) => {
    const of = evidence.of({ topic: source.name, partition });
    const outcome = await planPartition(facts, item, partition, of, wanted, ports);
    const refusal = begun && checkStart(outcome, begun.get(partition), wanted.startsEarliest);
    return refusal ? refuse(partition, refusal) : { partition, outcome };
  });
  return { ...adoption, partitions };
}

async function planPartition(
  { source, target, compaction }: TopicFacts,
  item: TopicItem,
  partition: number,
  evidence: PartitionEvidence,
  wanted: AdoptWanted,
  ports: AdoptPorts,
): Promise<PartitionOutcome> {
  const head = await ports.heads.read(partitionOf(wanted.flow, item, partition));
  if (head) {
    const { recorded = -1 } = evidence;
    if (recorded < head.nextSource) return { kind: 'replicated', nextSource: head.nextSource };
    return { kind: 'refused', refusal: { kind: 'both-copied', nextSource: head.nextSource, recorded } };
  }
  // Before the logs: a leader that comes after it is one that HEAD does not know, and is looked into.
  const sourceLeaderEpoch = await ports.source.leaderEpoch(source.name, partition);
  // Before the source's: what is copied meanwhile is then beyond the target's end, not missing in the source.
  const copy = partition < target.partitions ? await ports.target.log(target.name, partition) : undefined;
  const log = await ports.source.log(source.name, partition);
  if (copy === undefined) return { kind: 'begin', from: log.logStart, isMade: false };
  const { history, lookBack, maxRecords } = wanted;
  const found = await findPosition({
    evidence,
    source: log,
    target: copy,
    compaction,
    history,
    lookBack,
    maxRecords,
  });
  if (found.kind === 'found') return { kind: 'adopt', position: found, sourceLeaderEpoch };
  return found.kind === 'untouched' ? { kind: 'begin', from: found.from, isMade: true } : found;
}

/** As `reconcile` registers a topic that it sees for the first time. */
function newItem({ source, target }: TopicFacts, { flow }: AdoptWanted): TopicItem {
  return {
    version: 1,
    topic: source.name,
    remoteTopic: target.name,
    generation: 1,
    sourceTopicId: source.id,
    targetTopicId: target.id,
    partitions: source.partitions,
    state: TopicState.Active,
    consumerGroup: consumerGroup(flow, source.name, 1),
    mappingUuid: undefined,
    drainedAfter: undefined,
  };
}

/** Looks at the ends once more when it is time, and refuses what has gone on. */
async function refuseMoving(
  topics: readonly TopicAdoption[],
  at: number,
  ports: AdoptPorts,
): Promise<readonly TopicAdoption[]> {
  if (!topics.some(({ partitions }) => partitions.some((plan) => endFound(plan) !== undefined))) return topics;
  await ports.clock.wait(Math.max(0, at - ports.clock.now()));
  const again: TopicAdoption[] = [];
  for (const topic of topics) {
    const partitions = await sideBySide(
      topic.partitions,
      async (plan) => (await movedSince(topic, plan, ports)) ?? plan,
    );
    again.push({ ...topic, partitions });
  }
  return again;
}

/** The refusal of a partition whose target does not end any more where it did. */
export async function movedSince(
  { remoteTopic }: TopicAdoption,
  plan: PartitionPlan,
  { target }: AdoptPorts,
): Promise<PartitionPlan | undefined> {
  const from = endFound(plan);
  if (from === undefined) return undefined;
  const { logEnd } = await target.log(remoteTopic, plan.partition);
  return logEnd === from ? undefined : refuse(plan.partition, { kind: 'still-copying', from, to: logEnd });
}

/** Where the target ended; undefined where that does not matter. */
function endFound({ outcome }: PartitionPlan): number | undefined {
  if (outcome.kind === 'adopt') return outcome.position.nextTarget;
  return outcome.kind === 'begin' && outcome.isMade ? 0 : undefined;
}

export function partitionOf(flow: FlowId, { topic, remoteTopic, generation }: TopicItem, partition: number) {
  return { flow, topic, remoteTopic, partition, generation };
}

export function refuse(partition: number, refusal: Refusal) {
  return { partition, outcome: { kind: 'refused', refusal } } as const;
}
