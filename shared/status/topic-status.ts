import { isTold } from '../groups/committed-offsets.ts';
import { UNKNOWN_PARTITION } from '../groups/ports.ts';
import { TopicState } from '../ledger/topic-registry.ts';
import { describeTopicPartition, type TopicPartition } from '../mm2/topic-partition.ts';
import { dueOf } from '../offsets/due.ts';
import { type FlowFacts, known, type MappedPartition, type SourceLog } from './facts.ts';
import { byHurt, type Lag, lagOf, NOT_KNOWN, type PartitionLag, total } from './lag.ts';

/** Brokers end transactions themselves after `transaction.max.timeout.ms`, by default so long. */
const LONGEST_TRANSACTION_MS = 900_000;

/** How much behind a flow may be before that counts as wrong. */
export interface Limits {
  readonly records: number;
  readonly seconds: number;
}

export interface TopicStatus extends Lag {
  readonly topic: string;
  readonly remoteTopic: string;
  readonly partitions: number;
  /** The partition that is furthest behind. */
  readonly worst: number | undefined;
  /** Records of its copy, as the offset map counts them; undefined where it does not tell. */
  readonly copied: number | undefined;
  /** Set where it is gone at the source, which is no fault of the flow's: what becomes of its copy. */
  readonly gone?: string;
  readonly problems: readonly string[];
}

/** Every topic that is replicated. */
export function topicsOf(facts: FlowFacts, limits: Limits, now: number): TopicStatus[] {
  const map = known(facts.map);
  const byTopic = Map.groupBy(map?.partitions ?? [], ({ topic }) => topic);
  return (map?.topics ?? []).map(({ topic, remoteTopic, partitions, state }) => {
    if (isGone(facts, topic, partitions)) {
      const copy = facts.keepsCopies ? 'is kept' : 'is deleted after its grace period';
      const gone = `${topic} is gone on ${facts.source}; its copy ${remoteTopic} ${copy} (docs/deploy.md)`;
      const nothing = { worst: undefined, copied: undefined, records: 0, seconds: 0 };
      return { topic, remoteTopic, partitions, gone, problems: [], ...nothing };
    }
    const mapped = byTopic.get(topic) ?? [];
    const rows = mapped.map((each) => partitionOf(facts, { ...each, remoteTopic }, now));
    const lag = total(rows);
    const worst = rows.toSorted(byHurt((row) => row.name)).find(({ records = 0 }) => records > 0)?.partition;
    const problems = [
      ...(state === TopicState.Draining
        ? ['it is being begun anew: nothing is copied until the old mapping is drained']
        : []),
      ...rows.flatMap((row) => row.problems),
      ...overLimits(lag, limits),
      ...unknownAges(rows),
    ];
    return { topic, remoteTopic, partitions, worst, copied: copiedOf(mapped), problems, ...lag };
  });
}

function copiedOf(mapped: readonly MappedPartition[]): number | undefined {
  let copied = 0;
  for (const { head } of mapped) {
    if (head === undefined) continue;
    if (!isTold(head)) return undefined;
    copied += head.nextTarget;
  }
  return copied;
}

/** None of its partitions is known to the source; what does not answer is not gone. */
function isGone({ sourceSide }: FlowFacts, topic: string, partitions: number): boolean {
  const logs = known(sourceSide)?.logs.get(topic);
  if (logs === undefined || logs.size < partitions) return false;
  return [...logs.values()].every((log) => !isTold(log) && log.code === UNKNOWN_PARTITION);
}

function partitionOf(
  facts: FlowFacts,
  { remoteTopic, head, ...place }: MappedPartition & { readonly remoteTopic: string },
  now: number,
) {
  const { topic, partition } = place;
  const name = describeTopicPartition({ topic, partition });
  const here = known(facts.sourceSide)?.logs.get(topic)?.get(partition);
  const there = known(facts.targetSide)?.logs.get(remoteTopic)?.get(partition);
  if (head !== undefined && !isTold(head)) {
    return { name, partition, ...NOT_KNOWN, problems: [`the map of ${name} cannot be read: ${head.code}`] };
  }
  const problems: string[] = [];
  if (here !== undefined && !isTold(here)) problems.push(`${name} on ${facts.source}: ${here.code}`);
  if (there !== undefined && !isTold(there))
    problems.push(`${remoteTopic}-${partition} on ${facts.target}: ${there.code}`);
  if (head !== undefined && there !== undefined && isTold(there) && there.logEnd < head.nextTarget)
    problems.push(`${remoteTopic}-${partition} ends at ${there.logEnd}, before ${head.nextTarget}, which was copied`);
  const log = here !== undefined && isTold(here) ? here : undefined;
  if (log !== undefined) problems.push(...openTransaction(facts, { topic, partition, ...log }, now));
  return {
    name,
    partition,
    problems,
    ...lagOf(facts, log && { topic, partition, ...log }, dueOf(place, head, log?.logEnd), now),
  };
}

/** What is behind a transaction that does not end waits in the source, and no lag tells of it. */
function openTransaction(
  { source, oldest }: FlowFacts,
  { committedEnd, logEnd, ...place }: TopicPartition & SourceLog,
  now: number,
): readonly string[] {
  const name = describeTopicPartition(place);
  const first = oldest.undecided.get(name);
  if (committedEnd >= logEnd || first === undefined || first === 'none' || !isTold(first)) return [];
  if (!first.transactional || now - first.timestamp <= LONGEST_TRANSACTION_MS) return [];
  return [
    `${name} on ${source}: a transaction is open from offset ${committedEnd} on, for more than 15 minutes: nothing behind it is copied before it ends (docs/operating.md, An open transaction)`,
  ];
}

/** Of a time-out many at once, so they are told in one line, and by the first one's reason. */
function unknownAges(rows: readonly (PartitionLag & { readonly name: string })[]): readonly string[] {
  const [first, ...others] = rows.filter(({ ageBecause }) => ageBecause !== undefined);
  if (first === undefined) return [];
  const which = others.length === 0 ? first.name : `${first.name} and ${others.length} more`;
  return [`for how long is not known of ${which}: ${first.ageBecause}`];
}

/** By what a topic is more behind than it may be. */
export function overLimits({ records, seconds }: Lag, limits: Limits): readonly string[] {
  return [
    ...(records !== undefined && records > limits.records ? [`more than ${limits.records} records behind`] : []),
    ...(seconds !== undefined && seconds > limits.seconds ? [`more than ${limits.seconds} s behind`] : []),
  ];
}
