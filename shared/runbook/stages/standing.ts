import type { RunbookPorts } from '../ports/ports.ts';
import type { RegistryEntry } from '../registry/entry.ts';
import type { RunSummary } from '../registry/run-summary.ts';
import type { RunbookRun } from '../runbook.ts';
import type { StageOutcome } from '../stage.ts';
import { POINT_OF_NO_RETURN, type StepName, stagesOf, UNDO } from '../stages.ts';
import { LockLost } from './errors.ts';

const GIVE_BACK: readonly StepName[] = ['release', 'remove-shadows'];
/** They give the lock back, or come after it was: called again they find it free. */
const WITHOUT_LOCK: readonly StepName[] = [...GIVE_BACK, 'report', UNDO];

/** Runs that may have begun between a run's last stages. */
const LATELY = 5;

/** What the registry says of a run when one of its stages is called. */
export interface Standing {
  readonly entry: RegistryEntry;
  /** Of the run; 0 while it has none. */
  readonly generation: number;
}

/** Whether the run still holds the lock. @throws LockLost, and what the registry throws */
export async function standingOf(
  run: RunbookRun,
  stage: StepName,
  { registry, journal }: Pick<RunbookPorts, 'registry' | 'journal'>,
): Promise<Standing> {
  const entry = await registry.entry();
  if (run.dryRun || stage === 'lock') return { entry, generation: 0 };
  const { generation } = entry;
  if (entry.run?.execution === run.execution) return { entry, generation };
  const gaveBack = entry.run === undefined && generation > 0 && WITHOUT_LOCK.includes(stage);
  if (gaveBack && (await journal.stage(generation, 'lock'))?.execution === run.execution) return { entry, generation };
  if (stage === 'report') {
    // It comes after the lock was given back, which the next run may have taken at once.
    const own = await lately(run, journal);
    if (own !== undefined) return { entry, generation: own.generation };
  }
  // It never had the lock, or has lost it: there is nothing that it may take back.
  if (stage === UNDO) return { entry, generation: 0 };
  throw new LockLost(run.execution, entry);
}

/**
 * What a stage that gives the lock back has come to before, where its answer was lost and the next run has the lock by now.
 * @throws LockLost where it has not, and what the journal throws
 */
export async function passedBefore(
  run: RunbookRun,
  stage: StepName,
  lost: LockLost,
  { journal }: Pick<RunbookPorts, 'journal'>,
): Promise<StageOutcome> {
  const own = GIVE_BACK.includes(stage) ? await lately(run, journal) : undefined;
  const record = own && (await journal.stage(own.generation, stage));
  if (record?.outcome !== 'passed' || record.execution !== run.execution) throw lost;
  return { kind: 'passed', verdict: record.verdict ?? 'PASS', says: record.says, evidence: record.evidence };
}

/** A run by its execution, as the journal has it; undefined where it has none of it, or many have begun since. */
export async function lately(
  { execution }: Pick<RunbookRun, 'execution'>,
  journal: RunbookPorts['journal'],
): Promise<RunSummary | undefined> {
  return (await journal.runs(LATELY)).find((each) => each.execution === execution);
}

/** Whether the stage comes before applications were moved, and they have been: by this run, or by one that it goes on with. */
export function isBehind(stage: StepName, { kind, way }: RunbookRun, { active }: RegistryEntry): boolean {
  if (active !== way.to || stage === 'lock' || stage === UNDO) return false;
  const order = stagesOf(kind).map(({ name }): StepName => name);
  return order.indexOf(stage) < order.indexOf(POINT_OF_NO_RETURN);
}
