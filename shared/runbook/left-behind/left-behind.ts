import { type FlowId, type FlowPartition, flowName } from '../../flow/flow.ts';
import { sourceOffset } from '../../flow/offset.ts';
import { isTold } from '../../groups/committed-offsets.ts';
import type { OffsetMapView } from '../../groups/ports.ts';
import type { TopicPartition } from '../../mm2/topic-partition.ts';
import type { RunbookCluster } from '../ports/cluster.ts';
import type { CopiedTo, RunbookFlow } from '../ports/flow.ts';
import type { RunJournal } from '../registry/ports.ts';
import type { Registry } from '../registry/registry.ts';
import { RunOutcome, type RunSummary } from '../registry/run-summary.ts';
import { RunbookKind } from '../runbook.ts';
import { onSource, partitionsOf } from '../stages/partitions.ts';
import { ifItAnswers } from '../stages/poll.ts';
import { type StoppedAt, stoppedAtIn } from './stopped-at.ts';

/** Offsets of one log; `to` is the first one after them. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

/** What of one partition was not in the target when the source was lost. */
export interface LeftBehindPartition extends TopicPartition {
  /** Source offsets that are in the target since, undefined: none yet. */
  readonly arrived?: OffsetRange | undefined;
  /** Where they are in the remote topic; undefined: none arrived, or the offset map does not tell. */
  readonly arrivedAt?: OffsetRange | undefined;
  /** Source offsets that are not in the target yet; undefined: none are left. */
  readonly missing?: OffsetRange | undefined;
  /** Why no more can be said; undefined: that is all. */
  readonly because?: string | undefined;
}

/** What a lost source had that was not in the target, and what became of it. */
export interface LeftBehind {
  /** Of the failover that stopped the flow. */
  readonly generation: number;
  /** Partitions of which something was left behind, or of which that is not known. */
  readonly partitions: readonly LeftBehindPartition[];
  /** Offsets; as many records, but where topics are compacted or written in transactions. */
  readonly arrived: number;
  readonly missing: number;
  /** Partitions of which it is not known whether something is missing. */
  readonly unknown: number;
}

/** A run of so many in a row is looked through for the failover that began it. */
const MOST_RUNS = 100;

export interface LeftBehindPorts {
  readonly registry: Pick<Registry, 'entry'>;
  /** Of the flow's runs, not of a dry run. */
  readonly history: Pick<RunJournal, 'runs' | 'stage'>;
  /** The flow that the failover stopped. */
  readonly flow: Pick<RunbookFlow, 'flow' | 'topics' | 'heads' | 'maps'>;
  readonly source: Pick<RunbookCluster, 'ends'>;
}

/**
 * What the last failover left behind, range by range, as long as applications have not come back: from then on the source
 * is written to again. It is copied in the order of its partition, after what was in the target before.
 * @returns undefined when no failover has moved applications since they were on the source
 * @throws CausewayError when the registry, the journal or the offset map does not answer
 */
export async function leftBehind(ports: LeftBehindPorts): Promise<LeftBehind | undefined> {
  const { registry, history, flow, source } = ports;
  const { active } = await registry.entry();
  const run = active === flow.flow.target ? await stoppedBy(history, flow.flow) : undefined;
  if (run === undefined) return undefined;
  const partitions = await partitionsOf(flow);
  const heads = await flow.heads(partitions);
  // The ends after the heads: what is copied meanwhile is not taken for missing.
  const ends = await ifItAnswers(source.ends(partitions.map(onSource)));
  const places = partitions.map((partition): Place => {
    const { topic, partition: number } = partition;
    const head = heads.get(topic)?.get(number);
    const log = ends?.get(topic)?.get(number);
    return {
      partition,
      from: run.stoppedAt[topic]?.[number],
      head: head === undefined || isTold(head) ? head : undefined,
      end: log !== undefined && isTold(log) ? log.logEnd : undefined,
    };
  });
  const view = await flow.maps.read(
    places.flatMap(({ partition, from, head }) => {
      if (head === undefined || typeof from !== 'number' || from >= head.nextSource) return [];
      const toTarget = [sourceOffset(from), sourceOffset(head.nextSource - 1)];
      return [{ partition, toTarget, toSource: [] }];
    }),
  );
  const told = places.map((place) => ofPartition(place, view));
  return {
    generation: run.generation,
    partitions: told.filter(({ arrived, missing, because }) => arrived ?? missing ?? because),
    arrived: sum(told.map(({ arrived }) => arrived)),
    missing: sum(told.map(({ missing }) => missing)),
    unknown: told.filter(({ because }) => because !== undefined).length,
  };
}

interface Place {
  readonly partition: FlowPartition;
  /** Undefined: the failover did not know the partition; null: it did not know how far it was copied. */
  readonly from: number | null | undefined;
  readonly head: CopiedTo | undefined;
  readonly end: number | undefined;
}

function ofPartition({ partition: place, from, head, end }: Place, view: OffsetMapView): LeftBehindPartition {
  const { topic, partition } = place;
  const at = { topic, partition };
  const nothing = { arrived: undefined, arrivedAt: undefined, missing: undefined };
  if (from === undefined || from === null) {
    return { ...at, ...nothing, because: 'the failover did not see how far it was copied' };
  }
  const copiedTo = Math.max(from, head?.nextSource ?? 0);
  const because = end === undefined ? `${place.flow.source} does not tell where it ends` : undefined;
  return {
    ...at,
    arrived: range(from, copiedTo),
    arrivedAt: copiedTo > from ? inTarget(view, at, { from, to: copiedTo }) : undefined,
    missing: end === undefined ? undefined : range(copiedTo, end),
    because,
  };
}

/** The remote topic has no other writer: what came after each other stands after each other. */
function inTarget(view: OffsetMapView, { topic, partition }: TopicPartition, { from, to }: OffsetRange) {
  const [first, last] = [from, to - 1].map((offset) => view.toTarget(topic, partition, sourceOffset(offset)));
  if (first?.kind !== 'exact' || last?.kind !== 'exact') return undefined;
  return { from: Number(first.offset), to: Number(last.offset) + 1 };
}

function range(from: number, to: number): OffsetRange | undefined {
  return to > from ? { from, to } : undefined;
}

function sum(ranges: readonly (OffsetRange | undefined)[]): number {
  return ranges.reduce((total, each) => total + (each === undefined ? 0 : each.to - each.from), 0);
}

/** The failover that stopped the flow: the first one since applications were on the source, if it had to be started again. */
async function stoppedBy(
  history: LeftBehindPorts['history'],
  { target }: FlowId,
): Promise<{ readonly generation: number; readonly stoppedAt: StoppedAt } | undefined> {
  const runs = await history.runs(MOST_RUNS);
  const cameBack = runs.findIndex((run) => isOver(run) && run.kind !== RunbookKind.Failover);
  const since = cameBack < 0 ? runs : runs.slice(0, cameBack);
  const failovers = since.filter(({ kind, to, outcome }) => {
    return kind === RunbookKind.Failover && to === target && outcome !== RunOutcome.Undone;
  });
  for (const { generation } of failovers.toReversed()) {
    const at = stoppedAtIn((await history.stage(generation, 'bound-loss'))?.evidence);
    if (at !== undefined) return { generation, stoppedAt: at };
  }
  return undefined;
}

/** Drills move nobody. */
function isOver({ kind, outcome }: RunSummary): boolean {
  return outcome === RunOutcome.Finished && kind !== RunbookKind.Drill;
}

/** `us-east->us-west: 1234 records were left behind …` */
export function describeLeftBehind(flow: FlowId, { arrived, missing, unknown }: LeftBehind): string {
  const name = flowName(flow);
  if (arrived + missing + unknown === 0) return `${name}: the failover left nothing behind`;
  return [
    `${name}: of what the failover left behind, ${arrived} records have arrived since`,
    missing === 0 ? 'none is missing' : `${missing} are not in ${flow.target} yet`,
    ...(unknown === 0 ? [] : [`of ${unknown} partitions it is not known`]),
  ].join(', ');
}
