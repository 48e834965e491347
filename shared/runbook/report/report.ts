import { z } from 'zod';
import { withoutTokens } from '../approval-token.ts';
import { RunbookKind, type StartedBy } from '../runbook.ts';
import type { StageRecord, Verdict } from '../stage.ts';
import { POINT_OF_NO_RETURN, type StageName, stagesOf, UNDO } from '../stages.ts';
import { type ChecklistItem, drillChecklist } from './checklist.ts';

/** The run as the journal has it. */
export interface ReportedRun {
  readonly flow: string;
  readonly kind: RunbookKind;
  readonly from: string;
  readonly to: string;
  readonly generation: number;
  readonly execution: string;
  readonly dryRun: boolean;
  readonly startedBy: StartedBy;
  /** As whoever started it put it; empty when nobody did. */
  readonly reason: string;
}

/** What was hoped for; what is not set is not judged. */
export interface Objectives {
  /** From the first stage to applications on the other cluster, seconds. */
  readonly rtoSeconds?: number | undefined;
  /** Age of the oldest record that may be lost, seconds. */
  readonly rpoSeconds?: number | undefined;
}

export interface ReportedStage {
  readonly stage: StageName;
  /** What it is there to prove. */
  readonly proves: string;
  /** `not reached`: an earlier stage stopped, or the run goes on. */
  readonly outcome: 'passed' | 'waiting' | 'stopped' | 'not reached';
  readonly verdict: Verdict | undefined;
  readonly says: string;
  /** ms since the first stage began; undefined when it was not reached. */
  readonly beganMs: number | undefined;
  readonly tookMs: number | undefined;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly error: StageRecord['error'];
}

/** Records that were on the source and not in the target when the flow was stopped. */
export interface Loss {
  readonly atLeast: number;
  readonly atMost: number;
  readonly seconds: number | undefined;
}

export interface MovedGroups {
  readonly moved: readonly {
    readonly group: string;
    /** Topic partitions. */
    readonly partitions: number;
    /** At most so many records, by where its offsets are. */
    readonly readTwice: number;
  }[];
  readonly leftOut: readonly { readonly group: string; readonly why: string }[];
}

export interface Undone {
  readonly says: string;
  readonly left: readonly string[];
}

export interface Report {
  readonly run: ReportedRun;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome:
    | 'finished'
    | 'finished with warnings'
    | 'finished with failures'
    | 'stopped'
    | 'undone'
    | 'unfinished';
  readonly stages: readonly ReportedStage[];
  readonly rto: {
    /** From the first stage to the end of `promote`; undefined where no application was moved. */
    readonly actualSeconds: number | undefined;
    readonly expectedSeconds: number | undefined;
    /** Of it, what was waited for a person to approve. */
    readonly approvalSeconds: number | undefined;
  };
  /** Undefined where the stage that moves them was not passed. */
  readonly groups: MovedGroups | undefined;
  /** Of a run that stopped before applications were moved: what was taken back, and what could not be. */
  readonly undone: Undone | undefined;
  /** Undefined where the stage that finds it out was not passed. */
  readonly loss: Loss | undefined;
  readonly rpoExpectedSeconds: number | undefined;
  /** What is to be looked at: warnings, what stopped it, objectives that were missed. */
  readonly improve: readonly string[];
  /** Of a drill. */
  readonly checklist: readonly ChecklistItem[] | undefined;
}

const lossSchema = z.object({
  atLeast: z.number(),
  atMost: z.number(),
  seconds: z.number().optional(),
});

const groupsSchema = z.object({
  groups: z.array(z.object({ group: z.string(), partitions: z.number(), readTwice: z.number() })),
  leftOut: z.array(z.object({ group: z.string(), why: z.string() })),
});
const leftSchema = z.object({ left: z.array(z.string()) });

/** Judges a run by its journal. @throws RangeError when it has no stage at all */
export function makeReport(run: ReportedRun, records: readonly StageRecord[], objectives: Objectives): Report {
  const startedAt = Math.min(...records.map((record) => record.startedAt));
  if (!Number.isFinite(startedAt)) throw new RangeError('a run without stages cannot be reported');
  const byStage = new Map(withoutTokens(records).map((record) => [record.stage, record]));
  const stages = stagesOf(run.kind).map(({ name, proves }): ReportedStage => {
    const record = byStage.get(name);
    if (record === undefined) return { ...NOT_REACHED, stage: name, proves };
    const { outcome, verdict, says, evidence, error, endedAt } = record;
    const beganMs = record.startedAt - startedAt;
    const tookMs = endedAt === undefined ? undefined : endedAt - record.startedAt;
    return { stage: name, proves, outcome, verdict, says, beganMs, tookMs, evidence, error };
  });
  const checklist = run.kind === RunbookKind.Drill ? drillChecklist(run, stages, objectives) : undefined;
  const loss = lossSchema.safeParse(byStage.get('bound-loss')?.evidence).data;
  const promoted = byStage.get(POINT_OF_NO_RETURN);
  const movedAt = promoted?.outcome === 'passed' && !run.dryRun ? promoted.endedAt : undefined;
  const rto = {
    actualSeconds: movedAt === undefined ? undefined : (movedAt - startedAt) / 1_000,
    expectedSeconds: objectives.rtoSeconds,
    approvalSeconds: movedAt === undefined ? undefined : secondsOf(byStage.get('approve')),
  };
  const undone = promoted?.outcome === 'passed' ? undefined : undoneOf(byStage.get(UNDO));
  const groups = run.dryRun ? undefined : groupsOf(byStage.get('move-groups'));
  return {
    run,
    startedAt,
    endedAt: Math.max(...records.map((record) => record.endedAt ?? record.startedAt)),
    outcome: undone === undefined ? outcomeOf(stages, run.kind) : 'undone',
    stages,
    rto,
    groups,
    undone,
    loss: loss && { ...loss, seconds: loss.seconds },
    rpoExpectedSeconds: objectives.rpoSeconds,
    improve: [
      ...stages.flatMap(remarksOn),
      ...(undone?.left ?? []),
      ...missed(rto, loss?.seconds, objectives),
      ...(checklist ?? []).flatMap(lateOf),
    ],
    checklist,
  };
}

function secondsOf(record: StageRecord | undefined): number | undefined {
  return record?.endedAt === undefined ? undefined : (record.endedAt - record.startedAt) / 1_000;
}

function groupsOf(record: StageRecord | undefined): MovedGroups | undefined {
  if (record?.outcome !== 'passed') return undefined;
  const { groups, leftOut = [] } = groupsSchema.safeParse(record.evidence).data ?? {};
  return groups && { moved: groups, leftOut };
}

function undoneOf(record: StageRecord | undefined): Undone | undefined {
  if (record?.outcome !== 'passed') return undefined;
  return { says: record.says, left: leftSchema.safeParse(record.evidence).data?.left ?? [] };
}

const NOT_REACHED = {
  outcome: 'not reached',
  verdict: undefined,
  says: '',
  beganMs: undefined,
  tookMs: undefined,
  evidence: {},
  error: undefined,
} as const;

/** The report itself is written while its own stage goes on. */
function outcomeOf(stages: readonly ReportedStage[], kind: RunbookKind): Report['outcome'] {
  if (stages.some(({ outcome }) => outcome === 'stopped')) return 'stopped';
  const rest = stages.filter(({ stage }) => stage !== 'report');
  const waived = kind === RunbookKind.Drill ? [] : ['approve'];
  if (rest.some(({ stage, outcome }) => outcome !== 'passed' && !waived.includes(stage))) return 'unfinished';
  const verdicts = new Set(rest.map(({ verdict }) => verdict));
  if (verdicts.has('FAIL')) return 'finished with failures';
  return verdicts.has('WARN') ? 'finished with warnings' : 'finished';
}

function remarksOn({ stage, outcome, verdict, says, error }: ReportedStage): readonly string[] {
  if (outcome === 'stopped') return [`${stage} stopped: ${says}${error === undefined ? '' : ` ${error.next}`}`];
  return verdict === 'WARN' || verdict === 'FAIL' ? [`${stage}: ${says}`] : [];
}

/** What a stage has warned of is told as the stage's. */
function lateOf({ item, outcome, found }: ChecklistItem): readonly string[] {
  return outcome === 'WARN' && /^R[TP]O/.test(item) ? [`${item}: ${found}`] : [];
}

function missed(rto: Report['rto'], lostSeconds: number | undefined, { rpoSeconds }: Objectives): readonly string[] {
  const { actualSeconds, expectedSeconds } = rto;
  const late = actualSeconds !== undefined && expectedSeconds !== undefined && actualSeconds > expectedSeconds;
  const lost = lostSeconds !== undefined && rpoSeconds !== undefined && lostSeconds > rpoSeconds;
  return [
    ...(late ? [`applications were moved after ${actualSeconds} s, expected within ${expectedSeconds} s`] : []),
    ...(lost ? [`records of the last ${lostSeconds} s may be lost, expected at most ${rpoSeconds} s`] : []),
  ];
}
