import { isTold } from '../../groups/committed-offsets.ts';
import type { CommitOutcome } from '../../groups/ports.ts';
import { Reason } from '../../groups/reason.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { beginThere } from '../consumers/begin-there.ts';
import { describeSilence } from '../groups/known-offsets.ts';
import { type GroupMove, planMoves } from '../groups/plan-moves.ts';
import { type MoveReading, readMoves } from '../groups/read-moves.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { GroupsLeftOut, listed } from './errors.ts';
import { passed, stopped, waiting, warned } from './outcome.ts';
import { ifItAnswers, poll } from './poll.ts';

/** What passes by itself is waited for so long. */
const PATIENCE_MS = 30_000;
/** A transaction that commits an offset, a leader that moves, a map that is throttled. */
const PASSING: readonly Reason[] = [
  Reason.SourceOffsetUnknown,
  Reason.MapUnreadable,
  Reason.TargetLogUnknown,
  Reason.TargetOffsetUnknown,
  Reason.PastTargetEnd,
  Reason.OutOfTime,
];

type Ports = Pick<
  RunbookPorts,
  | 'from'
  | 'to'
  | 'forward'
  | 'backward'
  | 'rules'
  | 'lastKnown'
  | 'newestHeartbeat'
  | 'consumers'
  | 'clock'
  | 'settings'
>;

type Known = MoveReading['known'];

/** A group that is not moved, and why. */
interface Left {
  readonly group: string;
  readonly why: string;
  readonly passing: boolean;
}

/** Every group goes on where it was: whole or not at all, and read back. */
export const moveGroups: Stage<Ports> = async (run, ports, time) => {
  const begun = run.emergency && !run.dryRun ? await beginThere(run, ports) : [];
  return poll(ports.clock, time, async () => {
    const { facts, known } = await readMoves(ports, run);
    const patient = ports.clock.now() < time.since + PATIENCE_MS;
    if (known.silentBrokers.length > 0 && !run.emergency) return untold(run, known, patient);
    const moves = planMoves(facts);
    const whole = moves.filter(({ faults }) => faults.length === 0);
    const left = [...moves.flatMap(leftBehind), ...(run.dryRun ? [] : await carryOut(ports, whole))];
    const moved = whole.filter(({ group }) => !left.some((each) => each.group === group));
    const evidence = { ...evidenceOf(moved, left, known), begun };
    if (patient && left.some(({ passing }) => passing)) return waiting(describeLeft(left), evidence);
    return judge(run, moved, left, known, await lateCheckpoints(ports, known), evidence);
  });
};

/** Groups that are not listed would neither be moved nor missed. */
function untold({ way }: RunbookRun, { silentBrokers }: Known, patient: boolean): StageOutcome {
  const names = silentBrokers.map(describeSilence);
  if (patient) return waiting(listed(names), { silentBrokers });
  return stopped(new GroupsLeftOut(way.to, names), { silentBrokers });
}

function leftBehind({ group, faults }: GroupMove): Left[] {
  if (faults.length === 0) return [];
  const why = faults.map(({ topic, partition, reason, detail }) => {
    const place = topic === '' ? '' : `${describeTopicPartition({ topic, partition })} `;
    return `${place}${reason}${detail === undefined ? '' : ` (${detail})`}`;
  });
  return [{ group, why: listed(why), passing: faults.every(({ reason }) => PASSING.includes(reason)) }];
}

/** Commits what is not there yet, and reads all of it back. @returns the groups that are not where they should be */
async function carryOut({ to }: Ports, moves: readonly GroupMove[]): Promise<Left[]> {
  const wanted = moves.filter(({ commits }) => commits.length > 0);
  if (wanted.length === 0) return [];
  const outcomes = await to.groups.commit(new Map(wanted.map(({ group, commits }) => [group, commits])));
  const refused = wanted.flatMap(({ group, commits }): Left[] => {
    const codes = refusals(commits.length, outcomes.get(group));
    return codes.length === 0 ? [] : [{ group, why: `refused: ${listed(codes)}`, passing: true }];
  });
  const taken = wanted.filter(({ group }) => !refused.some((each) => each.group === group));
  const committed = await to.groups.committed(taken.map(({ group }) => group));
  const other = taken.flatMap(({ group, commits, unchanged }): Left[] => {
    const told = committed.get(group);
    const differs = [...commits, ...unchanged].filter(({ topic, partition, offset }) => {
      const there = told && isTold(told) ? told.get(topic)?.get(partition) : undefined;
      return !there || !isTold(there) || there.offset !== offset;
    });
    const names = differs.map((each) => `${describeTopicPartition(each)} should be at ${each.offset}`);
    return names.length === 0 ? [] : [{ group, why: `read back otherwise: ${listed(names)}`, passing: true }];
  });
  return [...refused, ...other];
}

function refusals(count: number, outcomes: readonly CommitOutcome[] = []): string[] {
  if (outcomes.length < count) return ['NOT_ANSWERED'];
  return [...new Set(outcomes.flatMap((each) => (each.kind === 'refused' ? [each.code] : [])))];
}

function judge(
  run: RunbookRun,
  moved: readonly GroupMove[],
  left: readonly Left[],
  known: Known,
  late: readonly string[],
  evidence: ReturnType<typeof evidenceOf>,
): StageOutcome {
  if (left.length > 0 && !run.emergency) {
    return stopped(
      new GroupsLeftOut(
        run.way.to,
        left.map(({ group, why }) => `${group}: ${why}`),
      ),
      evidence,
    );
  }
  const notCopied = [...new Set(moved.flatMap((move) => move.notCopied))].sort();
  const remarks = [
    ...(left.length > 0 ? [describeLeft(left)] : []),
    ...(notCopied.length > 0 ? [`no flow copies ${listed(notCopied)}: groups begin there by auto.offset.reset`] : []),
    ...(known.lastKnownAt === undefined ? [] : [knownFrom(known.lastKnownAt, [...known.recalled.keys()])]),
    ...late,
    ...known.silentBrokers.map(describeSilence),
    ...(evidence.readTwice > 0 ? [`up to ${evidence.readTwice} records are read twice`] : []),
  ];
  const says = `${moved.length} groups ${run.dryRun ? 'would go' : 'go'} on where they were`;
  return remarks.length === 0 ? passed(says, evidence) : warned([says, ...remarks].join('; '), evidence);
}

function knownFrom(at: number, groups: readonly string[]): string {
  if (at === 0) return 'no checkpoint of any group is known';
  const places = `where their checkpoints of ${new Date(at).toISOString()} have them`;
  return `${groups.length} groups are ${places}, and read again what they consumed since: ${listed(groups)}`;
}

/** Checkpoints may have ended before the source did: then groups read more again than it seems. */
async function lateCheckpoints(
  { newestHeartbeat, settings }: Ports,
  { lastKnownAt = 0 }: Known,
): Promise<readonly string[]> {
  const heartbeatAt = lastKnownAt === 0 ? undefined : await ifItAnswers(newestHeartbeat());
  const lateMs = heartbeatAt === undefined ? 0 : heartbeatAt - lastKnownAt;
  if (lateMs <= settings.checkpointAgeMs) return [];
  return [`none was written in the last ${Math.round(lateMs / 1_000)} s before its last heartbeat`];
}

function describeLeft(left: readonly Left[]): string {
  return `${left.length} groups are not moved: ${listed(left.map(({ group, why }) => `${group}: ${why}`))}`;
}

function evidenceOf(moved: readonly GroupMove[], left: readonly Left[], known: Known) {
  return {
    groups: moved.map(({ group, partitions, commits, readTwice, beyond }) => {
      return { group, partitions, committed: commits.length, readTwice, beyond };
    }),
    leftOut: left.map(({ group, why }) => ({ group, why })),
    readTwice: moved.reduce((sum, each) => sum + each.readTwice, 0),
    beyond: moved.reduce((sum, each) => sum + each.beyond, 0),
    lastKnownAt: known.lastKnownAt,
    ...(known.lastKnownAt !== undefined && {
      recalled: [...known.recalled.keys()],
      silentBrokers: known.silentBrokers,
    }),
  };
}
