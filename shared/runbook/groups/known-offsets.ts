import { CausewayError } from '../../flow/errors.ts';
import {
  type CommittedOffset,
  type GroupOffsets,
  isTold,
  type OffsetsOfGroups,
  type Untold,
} from '../../groups/committed-offsets.ts';
import type { SilentBroker } from '../../groups/group.ts';
import { selectGroups } from '../../groups/select.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';

/** What is known of the groups of the cluster that is left. */
export interface KnownOffsets {
  readonly offsets: OffsetsOfGroups<number>;
  /** Those of `offsets` that the cluster did not tell, and that are from checkpoints. */
  readonly recalled: OffsetsOfGroups<number>;
  /** When the newest checkpoint was written, ms since the epoch; 0: there is none; undefined: none was needed. */
  readonly lastKnownAt: number | undefined;
  /** Whether any broker of the cluster answered. */
  readonly answered: boolean;
  /** Brokers whose groups are not told, and why: there may be groups that nobody knows of. */
  readonly silentBrokers: readonly SilentBroker[];
}

type Ports = Pick<RunbookPorts, 'from' | 'rules' | 'lastKnown'>;
type Emergency = Pick<RunbookRun, 'emergency' | 'dryRun'>;

/**
 * In an emergency checkpoints stand in for what the cluster does not tell: all of it, the groups of brokers that are gone,
 * or an offset that a transaction keeps open. Kafka takes brokers that are gone out of its metadata after a while, so a
 * group that nobody lists may be one of theirs, and is taken for one that was deleted only while nothing is amiss.
 * @throws CausewayError when no broker answers, but in an emergency; when checkpoints are needed and cannot be read
 */
export async function knownOffsets(ports: Ports, { emergency, dryRun }: Emergency): Promise<KnownOffsets> {
  const told = await toldOffsets(ports, emergency);
  const isWhole = told.answered && told.silentBrokers.length === 0 && ![...told.offsets.values()].some(isPartly);
  const none = { ...told, recalled: new Map(), lastKnownAt: undefined };
  if (!emergency || (dryRun && isWhole)) return none;
  const known = await ports.lastKnown();
  const recalled = missingOf(told.offsets, known?.offsets ?? new Map());
  if (isWhole && recalled.size === 0) return none;
  return { ...told, offsets: merged(told.offsets, recalled), recalled, lastKnownAt: known?.at ?? 0 };
}

type Told = Pick<KnownOffsets, 'offsets' | 'silentBrokers' | 'answered'>;

async function toldOffsets({ from, rules }: Ports, emergency: boolean): Promise<Told> {
  try {
    const listing = await from.groups.list();
    const { selected } = selectGroups(listing, rules);
    const offsets = await from.groups.committed(selected);
    return { offsets, silentBrokers: listing.silentBrokers, answered: true };
  } catch (error) {
    if (!emergency || !(error instanceof CausewayError)) throw error;
    return { offsets: new Map(), silentBrokers: [], answered: false };
  }
}

type OfGroup = GroupOffsets<number> | Untold;
type OfTopics = Map<string, Map<number, CommittedOffset<number> | Untold>>;

/** Whether something of it is not told. */
function isPartly(told: OfGroup): boolean {
  return !isTold(told) || [...told.values()].some((partitions) => [...partitions.values()].some((at) => !isTold(at)));
}

/** Of what is known, what is not told. */
function missingOf(told: OffsetsOfGroups<number>, known: OffsetsOfGroups<number>): OffsetsOfGroups<number> {
  const missing = new Map<string, OfTopics>();
  for (const [group, topics] of known) {
    const now = told.get(group);
    if (!isTold(topics)) continue;
    for (const [topic, partitions] of topics)
      for (const [partition, at] of partitions) {
        const there = now && isTold(now) ? now.get(topic)?.get(partition) : undefined;
        const isUntold = now === undefined || !isTold(now) || (there !== undefined && !isTold(there));
        if (isUntold) put(missing, group, topic, partition, at);
      }
  }
  return missing;
}

function merged(told: OffsetsOfGroups<number>, recalled: OffsetsOfGroups<number>): OffsetsOfGroups<number> {
  const all = new Map<string, OfGroup>(told);
  for (const [group, topics] of recalled) {
    const now = told.get(group);
    if (now === undefined || !isTold(now) || !isTold(topics)) {
      all.set(group, topics);
      continue;
    }
    all.set(group, new Map([...now].map(([topic, at]) => [topic, new Map([...at, ...(topics.get(topic) ?? [])])])));
  }
  return all;
}

function put(
  groups: Map<string, OfTopics>,
  group: string,
  topic: string,
  partition: number,
  at: CommittedOffset<number> | Untold,
): void {
  const topics: OfTopics = groups.get(group) ?? new Map();
  const partitions = topics.get(topic) ?? new Map<number, CommittedOffset<number> | Untold>();
  groups.set(group, topics.set(topic, partitions.set(partition, at)));
}

/** `broker 2 does not tell its groups: KAFKA_UNREACHABLE` */
export function describeSilence({ broker, code }: SilentBroker): string {
  return `broker ${broker} does not tell its groups: ${code}`;
}
