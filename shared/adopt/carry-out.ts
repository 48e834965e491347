import { FlowHeld } from '../append/errors.ts';
import { sideBySide } from '../reconcile/side-by-side.ts';
import { adoptedHead } from './adopted-head.ts';
import type { Adoption, AdoptWanted, PartitionPlan, PartitionResult, TopicAdoption } from './adoption.ts';
import { WorkersRunningError } from './errors.ts';
import { movedSince, partitionOf, refuse } from './plan.ts';
import type { AdoptPorts } from './ports.ts';
import { checkStart, firstDue } from './start.ts';

type TopicResult = TopicAdoption<PartitionResult>;

/**
 * Does what the plan says, topic by topic, in an order in which every beginning of it is safe: first where the mapping is to
 * start, so that none made from now on starts later; then HEADs; then the topic's item, which has the mapping made. Done
 * again after it was cut off, it does the rest.
 * @throws WorkersRunningError, StartNotCommittedError, and what clusters, table and Lambda throw
 */
export async function carryOut(
  plan: Adoption,
  wanted: AdoptWanted,
  ports: AdoptPorts,
): Promise<Adoption<PartitionResult>> {
  if (plan.workersRunning && !wanted.workersIdle) throw new WorkersRunningError(plan.flow);
  const topics: TopicResult[] = [];
  for (const topic of plan.topics) topics.push(await carryOutTopic(topic, wanted, ports));
  return { ...plan, topics };
}

async function carryOutTopic(topic: TopicAdoption, wanted: AdoptWanted, ports: AdoptPorts): Promise<TopicResult> {
  const { item } = topic;
  if (!(await forgetBegins(topic, ports)))
    return { ...topic, partitions: topic.partitions.map(({ partition }) => refuse(partition, { kind: 'not-ready' })) };
  if (!topic.hasMapping && topic.partitions.some(({ outcome }) => firstDue(outcome) !== undefined))
    await commitStarts(topic, ports);
  // A mapping that was made meanwhile may not have seen these commits, and begun where the flow's new mappings do.
  const mappings = await ports.mappings();
  const isNew = !topic.hasMapping && mappings.some(({ group }) => group === item.consumerGroup);
  const partitions = await sideBySide(topic.partitions, async (plan): Promise<PartitionResult> => {
    const refusal = isNew ? checkStart(plan.outcome, undefined, wanted.startsEarliest) : undefined;
    if (refusal) return refuse(plan.partition, refusal);
    return adoptPartition(topic, plan, wanted, ports);
  });
  const isTaken = partitions.some(({ outcome }) => outcome.kind === 'adopted' || outcome.kind === 'replicated');
  // Refused by a version: reconcile has registered it meanwhile, with the same content.
  if (!topic.isRegistered && isTaken) await ports.registry.write(0, item);
  return { ...topic, partitions };
}

/**
 * Where a topic without a mapping was to begin when it was new does not hold any more: MirrorMaker 2 has copied some of what
 * stands before. @returns false where reconcile has written the item meanwhile
 */
async function forgetBegins({ item, isRegistered, hasMapping }: TopicAdoption, ports: AdoptPorts): Promise<boolean> {
  const { begins, ...others } = item;
  if (begins === undefined || !isRegistered || hasMapping) return true;
  const next = { ...others, version: item.version + 1 };
  return (await ports.registry.write(item.version, next)) === 'written';
}

/** A partition that is refused begins at the log's start: replicate takes nothing of it, until it is taken over. */
async function commitStarts({ topic, item, partitions }: TopicAdoption, ports: AdoptPorts): Promise<void> {
  const starts = partitions.map(async ({ partition, outcome }) => {
    const due = firstDue(outcome) ?? (await ports.source.log(topic, partition)).logStart;
    return [partition, due] as const;
  });
  await ports.startOffsets.commit(item.consumerGroup, topic, new Map(await Promise.all(starts)));
}

async function adoptPartition(
  topic: TopicAdoption,
  plan: PartitionPlan,
  { flow }: AdoptWanted,
  ports: AdoptPorts,
): Promise<PartitionResult> {
  const { partition, outcome } = plan;
  if (outcome.kind !== 'adopt') return { partition, outcome };
  const { item, sparse } = topic;
  const producer = await ports.target.initProducer(item.consumerGroup, partition);
  const moved = await movedSince(topic, plan, ports);
  if (moved?.outcome.kind === 'refused') return { partition, outcome: moved.outcome };
  const { sourceTopicId, targetTopicId } = item;
  const { position, sourceLeaderEpoch } = outcome;
  const facts = { sourceTopicId, targetTopicId, producer, sourceLeaderEpoch, sparse, now: ports.clock.now() };
  const of = partitionOf(flow, item, partition);
  const written = await ports.heads.write(of, 0, { ...adoptedHead(position, facts), ledger: [] });
  if (typeof written === 'object') throw new FlowHeld(of, written.hold);
  if (written === 'written') return { partition, outcome: { ...outcome, kind: 'adopted' } };
  const head = await ports.heads.read(of);
  const nextSource = head?.nextSource ?? position.nextSource;
  const recorded = position.nextSource - 1;
  if (nextSource <= recorded)
    return { partition, outcome: { kind: 'refused', refusal: { kind: 'both-copied', nextSource, recorded } } };
  return { partition, outcome: { kind: 'replicated', nextSource } };
}
