import { z } from 'zod';
import { firstInWords } from '../../first-of.ts';
import type { Verdict } from '../stage.ts';
import type { StageName } from '../stages.ts';
import type { Objectives, ReportedRun, ReportedStage } from './report.ts';

/** One line of the checklist of a drill, as the drill has filled it in. */
export interface ChecklistItem {
  readonly when: 'before' | 'during' | 'after';
  readonly item: string;
  /** `by hand`: no program knows; the rest as of the stage that found it out. */
  readonly outcome: Verdict | 'stopped' | 'not reached' | 'by hand';
  readonly found: string;
}

/** As far as the checklist has them of what `shadow-groups`, `prove-source` and `check-flow` keep as evidence. */
const groups = z.object({ groups: z.array(z.object({ group: z.string() })) });
const heartbeat = z.object({ heartbeatAgeMs: z.number() });
const wayBack = z.object({ reverse: z.boolean() });

/** Groups that are named; the others are in the evidence. */
const MOST_NAMED = 20;

/** The checklist of a quarterly drill, which is to be kept: each gate with what was found, and what is left to people. */
export function drillChecklist(
  run: ReportedRun,
  stages: readonly ReportedStage[],
  objectives: Objectives,
): readonly ChecklistItem[] {
  const at = (name: StageName) => stages.find(({ stage }) => stage === name);
  const gate = (when: ChecklistItem['when'], item: string, name: StageName, found?: string): ChecklistItem => {
    const stage = at(name);
    return { when, item, outcome: outcomeOf(stage), found: found ?? stage?.says ?? '' };
  };
  const told = run.reason === '' ? 'not told: the drill takes it with --reason' : run.reason;
  return [
    byHand('before', 'The time is agreed, and people are told', told),
    gate('before', 'Nothing else moves applications, and they are at home', 'lock'),
    gate('before', 'The source is well: the drill compares with it', 'prove-source'),
    gate('before', 'The standby is well: brokers, leaders, replicas, partitions', 'check-target'),
    byHand('before', 'The standby has the disks and the capacity to take the load', 'nothing of it is looked at'),
    byHand('before', 'Settings and ACLs of the copies are in step', 'npx causeway plan shows what is not'),
    gate('before', 'Replication is healthy, and next to nothing is left to copy', 'check-flow'),
    { ...gate('before', 'There is a way back', 'check-flow'), ...backOf(at('check-flow')) },
    gate('before', 'Scope: the groups', 'shadow-groups', scopeOf(at('shadow-groups'))),
    gate('during', `Offsets are translated: ${tookOf(at('shadow-groups'))}`, 'shadow-groups'),
    gate('during', 'No record is skipped, and none is read twice', 'compare-records'),
    recovery(at('lock'), at('compare-records'), objectives),
    loss(at('prove-source'), objectives),
    gate('after', 'Nothing of the drill is left', 'remove-shadows'),
    byHand(
      'after',
      'Fences, the hold of the flow and the move itself',
      'a drill tries none of them: a switchover and a failback do, without loss',
    ),
  ];
}

function byHand(when: ChecklistItem['when'], item: string, found: string): ChecklistItem {
  return { when, item, outcome: 'by hand', found };
}

function outcomeOf(stage: ReportedStage | undefined): Exclude<ChecklistItem['outcome'], 'by hand'> {
  if (stage?.outcome === 'passed') return stage.verdict ?? 'PASS';
  return stage?.outcome === 'stopped' ? 'stopped' : 'not reached';
}

function scopeOf(stage: ReportedStage | undefined): string | undefined {
  const names = groups.safeParse(stage?.evidence).data?.groups.map(({ group }) => group);
  if (names === undefined) return undefined;
  return `${names.length} groups: ${firstInWords(names, MOST_NAMED)}`;
}

function tookOf(stage: ReportedStage | undefined): string {
  return stage?.tookMs === undefined ? 'not to the end' : `in ${stage.tookMs / 1_000} s`;
}

function backOf(stage: ReportedStage | undefined): Partial<ChecklistItem> {
  const reverse = wayBack.safeParse(stage?.evidence).data?.reverse;
  if (reverse === undefined) return { found: '' };
  if (reverse) return { outcome: 'PASS', found: 'the reverse flow is deployed' };
  return { outcome: 'WARN', found: 'no reverse flow is deployed: there is no failback' };
}

/** What a failover's machine would need until groups could read on, which in a drill is when that has been verified. */
function recovery(
  first: ReportedStage | undefined,
  verified: ReportedStage | undefined,
  { rtoSeconds }: Objectives,
): ChecklistItem {
  const when = 'during';
  const item = 'RTO: from the start until groups were seen to read on rightly';
  const { outcome, beganMs, tookMs } = verified ?? {};
  if (outcome !== 'passed' || first?.beganMs === undefined || beganMs === undefined || tookMs === undefined)
    return { when, item, outcome: 'not reached', found: '' };
  const actual = (beganMs + tookMs - first.beganMs) / 1_000;
  return { when, item, ...against(actual, rtoSeconds) };
}

/** Had the source been lost at that moment: what was younger than its newest heartbeat had not arrived. */
function loss(stage: ReportedStage | undefined, { rpoSeconds }: Objectives): ChecklistItem {
  const when = 'during';
  const item = 'RPO: age of the newest heartbeat that had arrived';
  const age = heartbeat.safeParse(stage?.evidence).data?.heartbeatAgeMs;
  if (age === undefined) return { when, item, outcome: 'not reached', found: 'there are no heartbeats' };
  return { when, item, ...against(age / 1_000, rpoSeconds) };
}

function against(actual: number, expected: number | undefined): Pick<ChecklistItem, 'outcome' | 'found'> {
  if (expected === undefined) return { outcome: 'PASS', found: `${actual} s; the configuration expects nothing` };
  return { outcome: actual > expected ? 'WARN' : 'PASS', found: `${actual} s, expected at most ${expected} s` };
}
