import { CausewayError } from '../flow/errors.ts';
import { type FlowPartition, flowName } from '../flow/flow.ts';
import { flowPartition } from '../groups/knowledge.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { TimeRange } from './bounds.ts';
import { bySeverity, type FlowReport, sumOf, worst } from './flow-report.ts';
import {
  type PartitionOptions,
  type PartitionReport,
  type PartitionState,
  stateKey,
  type Underway,
  unproven,
  verifyPartition,
} from './partition.ts';
import type { VerifyPorts } from './ports.ts';

const MINUTE_MS = 60_000;
/** Offsets of a partition that is compared alone; below it is over before it has filled its buffers. */
const LARGE = 50_000;

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

/** Compares a flow's topics on both clusters, record by record. @throws CausewayError when nothing can be compared */
export async function verifyFlow(ports: VerifyPorts, options: VerifyOptions): Promise<FlowReport> {
  const begun = ports.now();
  const topics = (await ports.topics()).filter((item) => isAsked(item, options.topic));
  const [source, target] = await Promise.all([
    ports.compacted('source', [...new Set(topics.map(({ topic }) => topic))]),
    ports.compacted('target', [...new Set(topics.map(({ remoteTopic }) => remoteTopic))]),
  ]);
  const partitions = topics.flatMap((item) =>
    Array.from({ length: item.partitions }, (_, partition) => flowPartition(ports.flow, item, partition)),
  );
  const progress = () => options.onProgress(() => progressOf(partitions, options.underway));
  const inTurn = oneLargeAtATime();
  const queue = partitions.values();
  const reports: PartitionReport[] = [];
  const worker = async () => {
    for (const partition of queue) {
      const compacted = { source: source.has(partition.topic), target: target.has(partition.remoteTopic) };
      reports.push(await verifyOne(ports, partition, compacted, { ...options, inTurn }, progress));
      progress();
    }
  };
  await Promise.all(Array.from({ length: options.sideBySide }, worker));
  const { from, to } = options.times;
  return {
    format: 1,
    flow: flowName(ports.flow),
    verdict: worst(reports.map(({ verdict }) => verdict)),
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
  partition: FlowPartition,
  compacted: { readonly source: boolean; readonly target: boolean },
  {
    times,
    windowMinutes,
    mostApart,
    states,
    underway,
    signal,
    inTurn,
  }: VerifyOptions & Pick<PartitionOptions, 'inTurn'>,
  progress: () => void,
): Promise<PartitionReport> {
  const key = stateKey(partition);
  try {
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
    return unproven(partition, `${error.code}: ${error.message}. ${error.next}`);
  }
}

function oneLargeAtATime(): PartitionOptions['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (offsets, compare) => {
    if (offsets < LARGE) return compare();
    const turn = last.then(compare);
    last = turn.catch(() => {});
    return turn;
  };
}

function isAsked({ state, topic, remoteTopic }: TopicItem, asked: string | undefined): boolean {
  return state !== TopicState.Retired && (asked === undefined || asked === topic || asked === remoteTopic);
}

function progressOf(partitions: readonly FlowPartition[], underway: ReadonlyMap<string, Underway>): VerifyProgress {
  let [done, all] = [0, 0];
  for (const { bounds, position } of underway.values()) {
    done += position() - bounds.source.from;
    all += bounds.source.to - bounds.source.from;
  }
  return { done, all, partitions: partitions.length, begunPartitions: underway.size };
}
