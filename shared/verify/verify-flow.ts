import { CausewayError } from '../flow/errors.ts';
import { flowName } from '../flow/flow.ts';
import type { TimeRange } from './bounds.ts';
import { bySeverity, type FlowReport, sumOf, worst } from './flow-report.ts';
import { type InTurn, oneLargeAtATime } from './in-turn.ts';
import {
  notReplicated,
  type PartitionReport,
  type PartitionState,
  STOPPED,
  stateKey,
  type Underway,
  unproven,
  verifyPartition,
} from './partition.ts';
import { type ComparedPartition, coveredPartitions } from './partitions.ts';
import type { VerifyPorts } from './ports.ts';

const MINUTE_MS = 60_000;
const NOT_REPLICATED = 'the flow covers its topic, and does not replicate it';
const NOTHING_COVERED = 'the flow covers no topic that the source has, so nothing was compared';

export interface VerifyOptions {
  /** By its name on either cluster; undefined: every topic of the flow. */
  readonly topic: string | undefined;
  readonly times: TimeRange;
  readonly windowMinutes: number;
  readonly mostApart: number;
  /** Partitions that are compared at a time. */
  readonly sideBySide: number;
  /** What another run has come to, by `stateKey`. */
  readonly states: ReadonlyMap<string, PartitionState>;
  /** How far each partition has come, by `stateKey`; is kept up to date. */
  readonly underway: Map<string, Underway>;
  /** Called after each turn: what is told is found out when it is asked for. */
  readonly onProgress: (progress: () => VerifyProgress) => void;
  readonly signal: AbortSignal;
}

/** In offsets of the source, of the partitions that were begun. */
export interface VerifyProgress {
  readonly done: number;
  readonly all: number;
  readonly partitions: number;
  readonly begunPartitions: number;
}

/**
 * Compares a flow's topics on both clusters, record by record.
 * @throws TopicNotInFlowError; CausewayError when nothing can be compared
 */
export async function verifyFlow(ports: VerifyPorts, options: VerifyOptions): Promise<FlowReport> {
  const begun = ports.now();
  const partitions = await coveredPartitions(ports, options.topic);
  const progress = () => options.onProgress(() => progressOf(partitions.length, options.underway));
  const inTurn = oneLargeAtATime();
  const queue = partitions.values();
  const reports: PartitionReport[] = [];
  const worker = async () => {
    for (const compared of queue) {
      reports.push(await verifyOne(ports, compared, { ...options, inTurn }, progress));
      progress();
    }
  };
  await Promise.all(Array.from({ length: options.sideBySide }, worker));
  const { from, to } = options.times;
  return {
    format: 1,
    flow: flowName(ports.flow),
    verdict: worst(reports.map(({ verdict }) => verdict)),
    ...(reports.length === 0 && { reason: NOTHING_COVERED }),
    begun: new Date(begun).toISOString(),
    ended: new Date(ports.now()).toISOString(),
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
    windowMinutes: options.windowMinutes,
    records: sumOf(reports),
    partitions: reports.toSorted(bySeverity),
  };
}

/** One that cannot be compared leaves the others their verdicts. */
async function verifyOne(
  ports: VerifyPorts,
  { partition, compacted, isReplicated }: ComparedPartition,
  { times, windowMinutes, mostApart, states, underway, signal, inTurn }: VerifyOptions & { readonly inTurn: InTurn },
  progress: () => void,
): Promise<PartitionReport> {
  const key = stateKey(partition);
  try {
    if (!isReplicated) return await notReplicated(ports, partition, NOT_REPLICATED);
    return await verifyPartition(ports, partition, {
      ...{ times, mostApart, compacted, signal, inTurn },
      windowMs: windowMinutes * MINUTE_MS,
      state: states.get(key),
      onTurn: (now) => {
        underway.set(key, now);
        progress();
      },
    });
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    return unproven(partition, signal.aborted ? STOPPED : `${error.code}: ${error.message}. ${error.next}`);
  }
}

function progressOf(partitions: number, underway: ReadonlyMap<string, Underway>): VerifyProgress {
  let [done, all] = [0, 0];
  for (const { bounds, position } of underway.values()) {
    done += position() - bounds.source.from;
    all += bounds.source.to - bounds.source.from;
  }
  return { done, all, partitions, begunPartitions: underway.size };
}
