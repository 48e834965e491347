import { CausewayError } from '../flow/errors.ts';
import type { FlowId } from '../flow/flow.ts';
import type { RunbookAnswer, Undone } from './machine.ts';
import type { RunbookPorts } from './ports/ports.ts';
import { RunAbortedError } from './registry/refusals.ts';
import { RunbookKind, type RunbookRun, type StartedBy, wayOfRunbook } from './runbook.ts';
import type { Stage, StageOutcome, StageTime } from './stage.ts';
import { LockLost, NotAsked, StageFailed, StageTimedOut } from './stages/errors.ts';
import { passed, stopped, waiting, warned } from './stages/outcome.ts';
import { isDefect } from './stages/poll.ts';
import { keepBeginning, keepRecord, recordAfter, recordBefore } from './stages/record.ts';
import { isBehind, passedBefore, type Standing, standingOf } from './stages/standing.ts';
import { STAGES, type StepName, stagesOf, UNDO } from './stages.ts';

/** How long a stage polls within one call; the function's time-out is some times as long. */
const CALL_MS = 10_000;
/** `waiting` is not answered sooner: the state machines call again at once, and their history has an end. */
const SHORTEST_WAIT_MS = 2_000;
/** As long as the state machines wait for it. */
const UNDO_LIMIT_S = 300;
/** What does not pass is told, and stops nothing. */
const NEVER_STOPS: readonly StepName[] = ['start-reverse', 'watch-lag'];

export interface StageCall {
  /** That the runbook belongs to. */
  readonly flow: FlowId;
  readonly stage: StepName;
  readonly kind: RunbookKind;
  /** ARN of the execution. */
  readonly execution: string;
  readonly dryRun: boolean;
  readonly startedBy: StartedBy;
  readonly reason: string;
  /** Of `approve`: ends the waiting for a person. */
  readonly taskToken?: string | undefined;
}

/** All stages by name but `approve`, which is a person's. */
export type StageTable = Readonly<Record<Exclude<StepName, 'approve'>, Stage<RunbookPorts>>>;

/** `undone` of a call that took back what was changed, the others of a stage. */
export type StepAnswer = RunbookAnswer | Undone;

/**
 * One call of one stage: that the run still holds the lock and is not to be undone, then the stage, its record in the
 * journal, and an end to the waiting when its limit is over. Never throws for what a cluster or a table does: that is
 * waited for, or stops the run. Only `approve` is not called again because it waits: where it cannot tell a person of its
 * token it stops with NOT_ASKED.
 */
export async function runStage(call: StageCall, ports: RunbookPorts, table: StageTable): Promise<StepAnswer> {
  const { stage, kind, execution, dryRun, flow, startedBy, reason } = call;
  const began = ports.clock.now();
  const way = wayOfRunbook(kind, flow);
  const emergency = kind === RunbookKind.Failover;
  const run: RunbookRun = { kind, flow, way, generation: 0, execution, startedBy, reason, dryRun, emergency };
  let standing: Standing;
  try {
    standing = await standingOf(run, stage, ports);
  } catch (error) {
    const refused = await afterRefusal(run, stage, error, ports);
    await breathe(refused, began, ports);
    return answerOf(stage, refused);
  }
  const known = { ...run, generation: standing.generation };
  const before = await recordBefore(known, stage, ports);
  const since = before?.startedAt ?? began;
  const time = { until: began + CALL_MS, since, last: before?.evidence };
  const outcome = await called(call, known, standing, ports, table, time).catch((error) => outcomeOf(stage, error));
  const final = limited(stage, outcome, ports.clock.now() - since);
  const noted = stage === 'lock' ? { ...known, generation: generationIn(final) } : known;
  if (stage === 'lock' && final.kind === 'passed') await keepBeginning(noted, since, ports);
  if (stage === 'fence-writers' && before === undefined) await keepApproval(noted, began, ports);
  const record = recordAfter(noted, stage, final, before, { began, ended: ports.clock.now() });
  const lost = await keepRecord(record, noted, ports);
  if (stage === 'approve') return answerOf(stage, lost === undefined ? final : outcomeOf(stage, lost));
  await breathe(final, began, ports);
  return answerOf(stage, final);
}

async function afterRefusal(run: RunbookRun, stage: StepName, error: unknown, ports: RunbookPorts) {
  if (!(error instanceof LockLost)) return outcomeOf(stage, error);
  return passedBefore(run, stage, error, ports).catch((cause: unknown) => outcomeOf(stage, cause));
}

async function breathe({ kind }: StageOutcome, began: number, { clock }: RunbookPorts): Promise<void> {
  const left = began + SHORTEST_WAIT_MS - clock.now();
  if (kind === 'waiting' && left > 0) await clock.wait(left);
}

async function called(
  { stage, taskToken }: StageCall,
  run: RunbookRun,
  { entry }: Standing,
  ports: RunbookPorts,
  table: StageTable,
  time: StageTime,
): Promise<StageOutcome> {
  const moved = !run.dryRun && isBehind(stage, run, entry);
  const own = entry.run?.execution === run.execution ? entry.run : undefined;
  if (own?.abortRequested && isAbortable(stage) && entry.active !== run.way.to)
    throw new RunAbortedError(run.flow, own);
  if (stage === 'approve') return waiting('somebody is asked', { taskToken });
  if (run.dryRun && stage === 'move-groups' && entry.active === run.way.to)
    return passed(`applications are on ${entry.active}: their groups are where they belong`);
  if (moved) return passed(`applications are on ${entry.active} already: nothing rests on this any more`);
  return table[stage](run, ports, time);
}

function isAbortable(stage: StepName): boolean {
  return stage !== 'lock' && stage !== UNDO;
}

/** Whoever approved has told the state machine and not the journal: that the next stage is called tells it. */
async function keepApproval(run: RunbookRun, now: number, ports: RunbookPorts): Promise<void> {
  const asked = stagesOf(run.kind).some(({ name }) => name === 'approve');
  const before = asked ? await recordBefore(run, 'approve', ports) : undefined;
  if (before?.outcome !== 'waiting') return;
  const outcome = passed('somebody approved', {});
  await keepRecord(recordAfter(run, 'approve', outcome, before, { began: before.startedAt, ended: now }), run, ports);
}

function generationIn(outcome: StageOutcome): number {
  const { generation } = outcome.evidence;
  return typeof generation === 'number' ? generation : 0;
}

/** What is no error of Causeway's is what AWS answers, or that it does not: throttled tables answer again. */
function outcomeOf(stage: StepName, error: unknown): StageOutcome {
  if (error instanceof CausewayError) {
    return error.retriable ? waitingFor(stage, error.message, error.code) : stopped(error);
  }
  if (!(error instanceof Error) || isDefect(error)) return stopped(new StageFailed(stage, error));
  return waitingFor(stage, `${error.name}: ${error.message}`, error.name);
}

/** What a call of `approve` waits for is a person alone. */
function waitingFor(stage: StepName, says: string, code: string): StageOutcome {
  return stage === 'approve' ? stopped(new NotAsked(says)) : waiting(says, { code });
}

function limited(stage: StepName, outcome: StageOutcome, tookMs: number): StageOutcome {
  const limitSeconds = STAGES.find(({ name }) => name === stage)?.limitSeconds ?? UNDO_LIMIT_S;
  const over = outcome.kind === 'waiting' && tookMs >= limitSeconds * 1_000;
  const ended = over ? stopped(new StageTimedOut(stage, limitSeconds, outcome.says), outcome.evidence) : outcome;
  if (ended.kind !== 'stopped' || !NEVER_STOPS.includes(stage)) return ended;
  return warned(ended.error.message, { ...ended.evidence, code: ended.error.code });
}

function answerOf(stage: StepName, outcome: StageOutcome): StepAnswer {
  if (outcome.kind === 'waiting') return { kind: 'waiting', says: outcome.says };
  if (outcome.kind === 'stopped') {
    const { code, message, safe, next } = outcome.error;
    return { kind: 'stopped', code, says: [message, safe, next].join(' ') };
  }
  if (stage !== UNDO) return { kind: 'passed', verdict: outcome.verdict, says: outcome.says };
  const { left } = outcome.evidence;
  return { kind: 'passed', says: outcome.says, left: Array.isArray(left) ? left.map(String) : [] };
}
