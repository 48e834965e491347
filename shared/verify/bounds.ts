import type { FlowPartition } from '../flow/flow.ts';
import type { Side } from '../flow/side.ts';
import type { Head, Run } from '../offsets/head.ts';
import { cutRun } from '../offsets/runs.ts';
import type { LogPlace, MapPlace, VerifyPorts } from './ports.ts';
import type { OffsetRange } from './streams.ts';

/** Records of the source by their time, ms since the epoch. */
export interface TimeRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** What of both logs is compared. */
export interface Bounds {
  readonly source: OffsetRange;
  readonly target: OffsetRange;
  /** Source offsets below that the source still holds, and of which the offset map knows nothing. */
  readonly beforeMap: number;
  /** Source offsets below whose copies the target does not hold any more. */
  readonly goneAtTarget: number;
  /** Source offsets beyond that are not replicated yet. */
  readonly waiting: number;
}

export function placeOn(side: Side, { topic, remoteTopic, partition }: FlowPartition): LogPlace {
  return { topic: side === 'source' ? topic : remoteTopic, partition };
}

/**
 * A partition's runs as of `head`, or those from a place on. What was closed since is stored with its whole length, and told
 * as far as `head` goes.
 */
export async function* runsOf(
  ports: VerifyPorts,
  partition: FlowPartition,
  head: Head,
  from?: MapPlace,
): AsyncGenerator<Run> {
  let end = 0;
  for await (const run of ports.closedRuns(partition, from)) {
    const cut = cutRun(run, head.nextSource);
    if (cut === undefined) return;
    end = cut.source + cut.length;
    yield cut;
  }
  if (head.openRun && head.openRun.source >= end) yield head.openRun;
}

/** First offset that is to be copied; undefined: as far as is known, that of the first copy. */
function firstDue({ startsAtBeginning }: VerifyPorts, { begin, generation }: FlowPartition): number | undefined {
  return begin ?? (startsAtBeginning || generation > 1 ? 0 : undefined);
}

/** @throws CausewayError */
export async function boundsOf(
  ports: VerifyPorts,
  partition: FlowPartition,
  head: Head,
  times: TimeRange,
): Promise<Bounds> {
  const [sourcePlace, targetPlace] = [placeOn('source', partition), placeOn('target', partition)];
  const [source, target] = await Promise.all([
    ports.logBounds('source', sourcePlace),
    ports.logBounds('target', targetPlace),
  ]);
  const [after, before] = await Promise.all([
    times.from === undefined ? 0 : ports.offsetAt('source', sourcePlace, times.from),
    times.to === undefined ? Number.POSITIVE_INFINITY : ports.offsetAt('source', sourcePlace, times.to),
  ]);
  const known = await mapFrom(ports, partition, head, target.start);
  const due = firstDue(ports, partition);
  const isDueKnown = due !== undefined && (head.nextTarget === 0 || known.isWhole);
  const begin = Math.max(source.start, isDueKnown ? due : known.first);
  // Copies that the target's retention has taken cannot be compared.
  const kept = target.start > 0 ? Math.max(begin, known.kept) : begin;
  const from = Math.min(Math.max(kept, after), head.nextSource);
  const to = Math.max(from, Math.min(before, head.nextSource));
  const ends = await targetRange(ports, partition, head, { from, to });
  return {
    source: { from, to },
    target: { from: Math.max(ends.from, target.start), to: ends.to },
    beforeMap: after > source.start ? 0 : Math.max(0, begin - source.start),
    goneAtTarget: after > begin ? 0 : kept - begin,
    waiting: Math.max(0, Math.min(source.end, before) - head.nextSource),
  };
}

/** What is to be compared beyond a place. */
export interface Beyond {
  readonly bounds: Bounds;
  /** Copied records beyond the place that retention has taken on either side before they were compared. */
  readonly lost: number;
}

/**
 * What is replicated beyond a place that a comparison has come to. Where retention was faster, it begins where both logs still
 * have records.
 * @throws CausewayError
 */
export async function boundsBeyond(
  ports: VerifyPorts,
  partition: FlowPartition,
  head: Head,
  place: MapPlace,
): Promise<Beyond> {
  const [source, target] = await Promise.all([
    ports.logBounds('source', placeOn('source', partition)),
    ports.logBounds('target', placeOn('target', partition)),
  ]);
  const { lost, from } = await takenBeyond(ports, partition, head, place, {
    source: source.start,
    target: target.start,
  });
  const to = Math.max(from, head.nextSource);
  const ends =
    lost > 0
      ? await targetRange(ports, partition, head, { from, to }, place)
      : { from: place.target, to: head.nextTarget };
  const bounds = {
    source: { from, to },
    target: { from: Math.max(ends.from, target.start), to: Math.max(ends.to, target.start) },
    ...{ beforeMap: 0, goneAtTarget: 0, waiting: Math.max(0, source.end - head.nextSource) },
  };
  return { bounds, lost };
}

/** How many records that the map knows stand beyond `place` and before a log's start, and where the others begin. */
async function takenBeyond(
  ports: VerifyPorts,
  partition: FlowPartition,
  head: Head,
  place: MapPlace,
  start: MapPlace,
): Promise<{ readonly lost: number; readonly from: number }> {
  let [lost, from] = [0, place.source];
  if (start.source <= place.source && start.target <= place.target) return { lost, from };
  for await (const run of runsOf(ports, partition, head, place)) {
    const taken = Math.min(run.length, Math.max(start.source - run.source, start.target - run.target));
    const end = run.source + taken;
    if (end > from) {
      lost += end - Math.max(from, run.source);
      from = end;
    }
    if (taken < run.length) break;
  }
  return { lost, from };
}

/** Where the map begins, and the first source offset whose copy can still be in the target's log. */
async function mapFrom(ports: VerifyPorts, partition: FlowPartition, head: Head, logStart: number) {
  let first: Run | undefined;
  for await (const run of runsOf(ports, partition, head)) {
    first ??= run;
    if (run.target + run.length <= logStart) continue;
    const kept = run.source + Math.max(0, logStart - run.target);
    return { first: first.source, kept, isWhole: first.target === 0 };
  }
  return { first: first?.source ?? head.nextSource, kept: head.nextSource, isWhole: first?.target === 0 };
}

/** The target offsets that belong to a range of the source: from the first copy in it up to the first one beyond. */
async function targetRange(
  ports: VerifyPorts,
  partition: FlowPartition,
  head: Head,
  { from, to }: OffsetRange,
  known?: MapPlace,
): Promise<OffsetRange> {
  let start: number | undefined;
  let isFirst = known === undefined;
  for await (const run of runsOf(ports, partition, head, known)) {
    if (start === undefined && run.source + run.length > from) {
      // What stands before the first copy of all is looked at too.
      start = isFirst && from <= run.source ? 0 : run.target + Math.max(0, from - run.source);
    }
    isFirst = false;
    // To the map's end: that is known.
    if (start !== undefined && to >= head.nextSource) break;
    if (run.source + run.length > to) return { from: start ?? 0, to: run.target + Math.max(0, to - run.source) };
  }
  return { from: start ?? head.nextTarget, to: head.nextTarget };
}
