import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type GroupVerdict, isExact } from '../local/applications/ledger.ts';
import { withAdmin } from '../local/kafka/clients.ts';
import type { RegionsAddress } from '../local/region/addresses.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';
import type { BenchArguments } from './arguments.ts';
import { onBusyPair, readToTheEnd } from './deployed-pair.ts';
import { measured, runRunbook } from './deployed-runs.ts';
import { type GroupSnapshot, groupsOn } from './group-snapshot.ts';
import type { Move } from './moves-report.ts';
import { readReport } from './read-report.ts';

/** A group that nobody consumes with, but that has been somewhere, with something noted: nothing may touch it. */
const IDLE = 'app-asleep';
const IDLE_OFFSETS = { topic: 'orders', partition: 0, offset: '3', metadata: 'kept by hand' } as const;
const CHECKPOINT_MS = 60_000;

interface DrillFigures {
  readonly bench: 'drill';
  readonly records: number;
  readonly drill: Move;
  /** Groups whose state, members or, where nobody consumes, offsets and metadata are not what they were. */
  readonly touched: readonly string[];
  /** Groups that are there after the drill and were not before, and the other way round. */
  readonly leftOver: readonly string[];
  /** Records that were compared, as the report tells. */
  readonly compared: number;
  readonly report: string;
  readonly groups: readonly GroupVerdict[];
}

/**
 * A drill while applications write and read: what they have is compared before and after it, and its report is read.
 * @returns whether nothing of them was touched, and nothing lost, read twice or out of order
 */
export async function drillBench(args: BenchArguments): Promise<boolean> {
  const rate = args.whole('rate', 1);
  return onBusyPair(rate, async ({ regions: { address }, flow, applications }) => {
    await step('a group sleeps on the source, and is known at the target', () => putToSleep(address));
    const before = await snapshots(address);
    applications.writers.longestPauseMs = 0;
    const run = await runRunbook(flow, RunbookKind.Drill);
    const drill = measured(RunbookKind.Drill, run, applications.writers);
    const after = await snapshots(address);
    const { location } = await readReport(address, run.stages);
    const groups = await readToTheEnd(applications);
    const figures: DrillFigures = {
      bench: 'drill',
      records: applications.ledger.acknowledged,
      drill,
      touched: before.flatMap((cluster, i) => touchedIn(cluster, after[i] ?? [])),
      leftOver: before.flatMap((cluster, i) => leftOver(cluster, after[i] ?? [])),
      compared: comparedIn(run.stages),
      report: location,
      groups,
    };
    const proven =
      drill.succeeded &&
      figures.touched.length + figures.leftOver.length === 0 &&
      figures.compared > 0 &&
      groups.every(isExact);
    console.log(args.flag('json') ? JSON.stringify(figures) : describe(figures, proven));
    return proven;
  });
}

async function putToSleep({ clusters: [source, target] }: RegionsAddress): Promise<void> {
  if (source === undefined || target === undefined) throw new Error('a drill needs two clusters');
  const { topic, ...offsets } = IDLE_OFFSETS;
  await withAdmin(source.bootstrapServers, (admin) =>
    admin.setOffsets({ groupId: IDLE, topic, partitions: [offsets] }),
  );
  await until(
    async () => (await groupsOn(target.bootstrapServers)).some(({ group }) => group === IDLE),
    CHECKPOINT_MS,
    () => new Error(`${IDLE} is not on ${target.alias} after ${CHECKPOINT_MS / 1_000} s`),
  );
}

function snapshots({ clusters }: RegionsAddress): Promise<readonly (readonly GroupSnapshot[])[]> {
  return Promise.all(clusters.map(({ bootstrapServers }) => groupsOn(bootstrapServers)));
}

/** Offsets of those that consume go on by themselves, and copies of their offsets follow: only who sleeps keeps them. */
function touchedIn(before: readonly GroupSnapshot[], after: readonly GroupSnapshot[]): readonly string[] {
  return before.flatMap((was) => {
    const is = after.find(({ group }) => group === was.group);
    if (is === undefined) return [];
    const keeps = was.group === IDLE ? isDeepStrictEqual(was, is) : sameMembers(was, is);
    return keeps ? [] : [was.group];
  });
}

function sameMembers(was: GroupSnapshot, is: GroupSnapshot): boolean {
  return was.state === is.state && isDeepStrictEqual(was.members, is.members);
}

function leftOver(before: readonly GroupSnapshot[], after: readonly GroupSnapshot[]): readonly string[] {
  const names = (each: readonly GroupSnapshot[]) => new Set(each.map(({ group }) => group));
  return [...names(before).symmetricDifference(names(after))];
}

const compared = z.object({ records: z.number() });

function comparedIn(stages: readonly StageRecord[]): number {
  return compared.safeParse(stages.find(({ stage }) => stage === 'compare-records')?.evidence).data?.records ?? 0;
}

function describe(
  { records, drill, touched, leftOver: over, compared: count, report }: DrillFigures,
  proven: boolean,
): string {
  const names = (list: readonly string[]) => (list.length === 0 ? 'none' : list.join(', '));
  return [
    '',
    `${records} records were acknowledged; the drill took ${drill.machineSeconds.toFixed(1)} s, writing never stood still for longer than ${drill.pauseSeconds.toFixed(1)} s.`,
    `${count} records were compared. Groups that were touched: ${names(touched)}; left over or gone: ${names(over)}.`,
    `Report: ${report}`,
    '',
    proven ? 'Nothing was touched, nothing lost, nothing read twice, all in order.' : 'NOT proven.',
  ].join('\n');
}
