import { ExecutionUnknownError } from '../../adapters/step-functions/executions.ts';
import { CausewayError } from '../../flow/errors.ts';
import type { StageRecord } from '../../runbook/stage.ts';
import type { ExecutionState } from './machine.ts';
import type { RunbookCommandPorts } from './ports.ts';

/** Between two looks at the journal. */
const LOOK_MS = 1_000;
/** An execution goes on while nobody can look; who has seen it once looks again for so long. */
const PATIENCE_MS = 60_000;

export interface FollowedRun {
  /** 0 of a dry run, and of a run that never got the lock. */
  readonly generation: number;
  readonly stages: readonly StageRecord[];
  readonly state: ExecutionState;
}

/**
 * Follows an execution to its end, and tells each stage once when it is first called, and once when it has ended.
 * @param seeing what else is to be done about the stages at each look
 * @throws CausewayError when the first look fails, or all of a minute
 */
export async function followRun(
  ports: RunbookCommandPorts,
  execution: string,
  dryRun: boolean,
  told: (record: StageRecord) => void,
  seeing: (stages: readonly StageRecord[]) => Promise<void> = async () => {},
): Promise<FollowedRun> {
  const seen = new Map<string, StageRecord['outcome']>();
  let generation = 0;
  let lookedAt: number | undefined;
  for (;;) {
    try {
      // The state first: what the execution wrote before it ended is then in the journal.
      const state = await ports.machine.state(execution);
      if (state.forgotten) throw new ExecutionUnknownError(execution, 'it knows none of that name', undefined);
      if (!dryRun && generation === 0) generation = await generationOf(ports, execution);
      const stages = await recordsOf(ports, execution, dryRun, generation);
      for (const record of stages) {
        if (seen.get(record.stage) === record.outcome) continue;
        seen.set(record.stage, record.outcome);
        told(record);
      }
      await seeing(stages);
      lookedAt = ports.clock.now();
      if (!state.running) return { generation, stages, state };
    } catch (error) {
      const isOver = lookedAt === undefined || ports.clock.now() - lookedAt >= PATIENCE_MS;
      if (isOver || !(error instanceof CausewayError)) throw error;
    }
    await ports.clock.wait(LOOK_MS);
  }
}

/** The lock tells it while it is held, the newest run of the journal afterwards. */
async function generationOf({ registry, journal }: RunbookCommandPorts, execution: string): Promise<number> {
  const { run, generation } = await registry.entry();
  if (run?.execution === execution) return generation;
  const [newest] = await journal.runs(1);
  return newest?.execution === execution ? newest.generation : 0;
}

async function recordsOf(
  { journal, journalOf }: RunbookCommandPorts,
  execution: string,
  dryRun: boolean,
  generation: number,
): Promise<readonly StageRecord[]> {
  if (dryRun) return journalOf(execution).run(0);
  if (generation === 0) return [];
  const records = await journal.run(generation);
  return records.filter((record) => record.execution === execution);
}
