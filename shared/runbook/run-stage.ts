import { CausewayError } from '../flow/errors.ts';
import type { FlowId } from '../flow/flow.ts';
import type { RunbookAnswer, Undone } from './machine.ts';
import type { RunbookPorts } from './ports/ports.ts';
import type { RegistryEntry } from './registry/entry.ts';
import { RunAbortedError } from './registry/refusals.ts';
import { RunbookKind, type RunbookRun, wayOfRunbook } from './runbook.ts';
import type { Stage, StageOutcome, StageRecord } from './stage.ts';
import { LockLost, StageFailed, StageTimedOut } from './stages/errors.ts';
import { passed, stopped, waiting, warned } from './stages/outcome.ts';
import { POINT_OF_NO_RETURN, STAGES, type StepName, stagesOf, UNDO } from './stages.ts';

/** How long a stage polls within one call: the function's time-out is some times as long. */
const CALL_MS = 10_000;
/** As long as the state machines wait for it. */
const UNDO_LIMIT_S = 300;
/** They come after the lock has been given back, or give it back. */
const WITHOUT_LOCK: readonly StepName[] = ['release', 'remove-shadows', 'report', UNDO];
/** What does not pass is told, and stops nothing. */
const NEVER_STOPS: readonly StepName[] = ['start-reverse', 'watch-lag'];
/** Decided by people, or before anything is known. */
const BEFORE_FACTS: readonly StepName[] = ['lock', UNDO];

export interface StageCall {
  readonly flow: FlowId;
  readonly stage: StepName;
  readonly kind: RunbookKind;
  readonly execution: string;
  readonly dryRun: boolean;
}

/** All stages by name, so that each has exactly one module. */
export type StageTable = Readonly<Record<StepName, Stage<RunbookPorts>>>;

export type StepAnswer = RunbookAnswer | Undone;

/**
 * One call of one stage: that the run still holds the lock and is not to be undone, then the stage, its record in the
 * journal, and an end to the waiting when its limit is over. Never throws for what a cluster or a table does: that is
 * waited for, or stops the run.
 */
export async function runStage(call: StageCall, ports: RunbookPorts, table: StageTable): Promise<StepAnswer> {
  const { stage, kind, execution, flow } = call;
  const began = ports.clock.now();
  const run: RunbookRun = {
    ...{ kind, flow, execution, dryRun: call.dryRun },
    way: wayOfRunbook(kind, flow),
    generation: 0,
    emergency: kind === RunbookKind.Failover,
  };
  const standing = await standingOf(run, stage, ports).catch((error: unknown) => ({
    refusal: outcomeOf(stage, error),
  }));
  const known = 'refusal' in standing ? run : { ...run, generation: standing.generation };
  const before = await recordOf(known, stage, ports);
  const since = before?.startedAt ?? began;
  const outcome =
    'refusal' in standing
      ? standing.refusal
      : await called(stage, known, standing.entry, ports, table[stage], { until: began + CALL_MS, since });
  const final = limited(stage, outcome, ports.clock.now() - since);
  const generation = stage === 'lock' && final.kind === 'passed' ? await generationOf(known, ports) : known.generation;
  await note(recordAfter({ ...known, generation }, stage, final, before, began, ports.clock.now()), ports);
  return answerOf(stage, final);
}

interface Standing {
  readonly entry: RegistryEntry;
  readonly generation: number;
}

/** @throws LockLost, RunAbortedError, and what the registry throws */
async function standingOf(run: RunbookRun, stage: StepName, { registry, journal }: RunbookPorts): Promise<Standing> {
  const entry = await registry.entry();
  if (run.dryRun || stage === 'lock') return { entry, generation: 0 };
  const { generation } = entry;
  if (entry.run?.execution === run.execution) {
    if (entry.run.abortRequested && stage !== UNDO && entry.active !== run.way.to)
      throw new RunAbortedError(run.flow, entry.run);
    return { entry, generation };
  }
  const gaveBack = entry.run === undefined && WITHOUT_LOCK.includes(stage);
  if (gaveBack && (await journal.stage(generation, 'lock'))?.execution === run.execution) return { entry, generation };
  if (stage === UNDO) return { entry, generation: 0 };
  throw new LockLost(run.execution, entry);
}

async function generationOf({ execution, dryRun }: RunbookRun, { registry }: RunbookPorts): Promise<number> {
  const entry = await registry.entry();
  return !dryRun && entry.run?.execution === execution ? entry.generation : 0;
}

async function called(
  stage: StepName,
  run: RunbookRun,
  entry: RegistryEntry,
  ports: RunbookPorts,
  work: Stage<RunbookPorts>,
  time: Parameters<Stage<RunbookPorts>>[2],
): Promise<StageOutcome> {
  if (!run.dryRun && isBehind(stage, run, entry))
    return passed(`applications are on ${entry.active} already: nothing rests on this any more`);
  try {
    return await work(run, ports, time);
  } catch (error) {
    return outcomeOf(stage, error);
  }
}

/** A run that goes on after applications were moved: what was proven before that cannot be proven again, and need not be. */
function isBehind(stage: StepName, { kind, way }: RunbookRun, { active }: RegistryEntry): boolean {
  if (active !== way.to || BEFORE_FACTS.includes(stage)) return false;
  const order = stagesOf(kind).map(({ name }): StepName => name);
  return order.indexOf(stage) < order.indexOf(POINT_OF_NO_RETURN);
}

function outcomeOf(stage: StepName, error: unknown): StageOutcome {
  if (!(error instanceof CausewayError)) return stopped(new StageFailed(stage, error));
  return error.retriable ? waiting(error.message, { code: error.code }) : stopped(error);
}

function limited(stage: StepName, outcome: StageOutcome, tookMs: number): StageOutcome {
  const limitSeconds = STAGES.find(({ name }) => name === stage)?.limitSeconds ?? UNDO_LIMIT_S;
  const over = outcome.kind === 'waiting' && tookMs >= limitSeconds * 1_000;
  const ended = over ? stopped(new StageTimedOut(stage, limitSeconds, outcome.says), outcome.evidence) : outcome;
  if (ended.kind !== 'stopped' || !NEVER_STOPS.includes(stage)) return ended;
  return warned(ended.error.message, { ...ended.evidence, code: ended.error.code });
}

async function recordOf(
  { generation, execution }: RunbookRun,
  stage: StepName,
  { journal }: RunbookPorts,
): Promise<StageRecord | undefined> {
  // The journal decides nothing: without it a stage has its whole time again.
  const record = await journal.stage(generation, stage).catch(() => undefined);
  return record?.execution === execution ? record : undefined;
}

function recordAfter(
  { generation, execution }: RunbookRun,
  stage: StepName,
  outcome: StageOutcome,
  before: StageRecord | undefined,
  began: number,
  now: number,
): StageRecord {
  const error = outcome.kind === 'stopped' ? outcome.error : undefined;
  return {
    ...{ generation, execution, stage },
    startedAt: before?.startedAt ?? began,
    endedAt: outcome.kind === 'waiting' ? undefined : now,
    calls: (before?.calls ?? 0) + 1,
    outcome: outcome.kind,
    verdict: outcome.kind === 'passed' ? outcome.verdict : undefined,
    says: outcome.kind === 'stopped' ? outcome.error.message : outcome.says,
    evidence: outcome.evidence,
    error: error && { code: error.code, safe: error.safe, next: error.next },
  };
}

/** What was done stays done though the journal does not take it: the next call tells it again. */
async function note(record: StageRecord, { journal }: RunbookPorts): Promise<void> {
  await journal.record(record).catch(() => {});
}

function answerOf(stage: StepName, outcome: StageOutcome): StepAnswer {
  if (outcome.kind === 'waiting') return { kind: 'waiting', says: outcome.says };
  if (outcome.kind === 'stopped') return { kind: 'stopped', code: outcome.error.code, says: saysOf(outcome.error) };
  if (stage !== UNDO) return { kind: 'passed', verdict: outcome.verdict, says: outcome.says };
  const { left } = outcome.evidence;
  return { kind: 'passed', says: outcome.says, left: Array.isArray(left) ? left.map(String) : [] };
}

function saysOf({ message, safe, next }: CausewayError): string {
  return [message, safe, next].join(' ');
}
