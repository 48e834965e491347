import type { RunbookPorts } from '../ports/ports.ts';
import { AlreadyActiveError, RunbookRunningError } from '../registry/refusals.ts';
import type { Stage } from '../stage.ts';
import { passed, warned } from './outcome.ts';

/** Takes the lock, or finds that this execution has it. */
export const lock: Stage<Pick<RunbookPorts, 'registry' | 'executions'>> = async (run, { registry, executions }) => {
  const { kind, way, execution, startedBy } = run;
  const start = { kind, way, execution, startedBy };
  if (run.dryRun) {
    const refusal = await registry.mayBegin(start, executions).catch((error: unknown) => error);
    if (refusal === undefined) return passed(`nothing else runs, and applications are on ${way.from}`);
    // Dry runs are made by a schedule, wherever applications are: the rest may still be tried.
    if (refusal instanceof AlreadyActiveError || refusal instanceof RunbookRunningError)
      return warned(`would end here: ${refusal.message}`);
    throw refusal;
  }
  const { generation, active, clients } = await registry.begin(start, executions);
  const resumed = active === way.to || clients !== 'serving';
  const says = resumed ? `goes on with what an earlier run began: applications are on ${active}, ${clients}` : 'taken';
  return passed(`generation ${generation}: ${says}`, { generation, active, clients });
};
