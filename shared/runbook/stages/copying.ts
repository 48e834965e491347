import type { FlowPartition } from '../../flow/flow.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { Hold } from '../../ledger/hold.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { dueOf } from '../../offsets/due.ts';
import type { Heads } from '../ports/flow.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { onSource } from './partitions.ts';
import { ifItAnswers } from './poll.ts';
import { lookAtProgress, type Progress, type ProgressLook } from './progress.ts';

type Ports = Pick<RunbookPorts, 'from' | 'forward' | 'clock'>;

/** What is found out by many requests. */
export interface Settled {
  readonly mappings: readonly string[];
  readonly notTakenOn: readonly string[];
}

export interface Copying extends ProgressLook, Settled {}

export function isFine({ mappings, notTakenOn }: Settled): boolean {
  return mappings.length === 0 && notTakenOn.length === 0;
}

/**
 * Not where an earlier run has stopped the flow: what is not copied then is not to be. Not of a source that is lost either; a
 * dry run of an emergency looks at one that is there, and does without where it is not.
 */
export async function ifAsked(
  { emergency, dryRun }: RunbookRun,
  hold: Hold | undefined,
  look: () => Promise<Copying>,
): Promise<Copying | undefined> {
  if (hold !== undefined || (emergency && !dryRun)) return undefined;
  return emergency ? ifItAnswers(look()) : look();
}

/**
 * @param settled what a look of the same call has found to be fine, and which costs many requests
 * @throws CausewayError, and the SDK's errors when the source's region is away
 */
export async function lookAtCopying(
  ports: Ports,
  partitions: readonly FlowPartition[],
  before: Progress | undefined,
  settled: Settled | undefined,
): Promise<Copying> {
  const [mappings, look, notTakenOn = []] = await Promise.all([
    settled?.mappings ?? mappingFaults(ports, partitions),
    lookAtProgress(ports, partitions, before),
    settled?.notTakenOn ?? ports.forward.notTakenOn(),
  ]);
  return { ...look, mappings, notTakenOn };
}

export function mapFaults(heads: Heads, partitions: readonly FlowPartition[]): string[] {
  return partitions.flatMap((each) => {
    const head = heads.get(each.topic)?.get(each.partition);
    return head === undefined || isTold(head) ? [] : [`${describeTopicPartition(each)}: ${head.code}`];
  });
}

async function mappingFaults({ forward }: Ports, partitions: readonly FlowPartition[]): Promise<string[]> {
  const mappings = await forward.mappings.list();
  const enabled = new Set(mappings.filter(({ state }) => state === 'enabled').map(({ topic }) => topic));
  return [...new Set(partitions.map(({ topic }) => topic))]
    .filter((topic) => !enabled.has(topic))
    .map((topic) => `${topic} has no event source mapping that is enabled`);
}

/** @throws CausewayError when the source does not answer */
export async function lagOf(
  { from }: Pick<Ports, 'from'>,
  heads: Heads,
  partitions: readonly FlowPartition[],
): Promise<{ readonly offsets: number; readonly faults: readonly string[] }> {
  const ends = await from.cluster.ends(partitions.map(onSource));
  let offsets = 0;
  const faults: string[] = [];
  for (const each of partitions) {
    const head = heads.get(each.topic)?.get(each.partition);
    const log = ends.get(each.topic)?.get(each.partition);
    if (log === undefined || !isTold(log)) {
      faults.push(`${describeTopicPartition(each)}: the source does not tell its end: ${log?.code ?? 'NOT_ANSWERED'}`);
    } else if (head === undefined || isTold(head)) {
      offsets += Math.max(0, log.logEnd - Math.max(log.logStart, dueOf(each, head, log.logEnd)));
    }
  }
  return { offsets, faults };
}
