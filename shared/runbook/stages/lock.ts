import type { RunbookPorts } from '../ports/ports.ts';
import type { Stage } from '../stage.ts';
import { passed } from './outcome.ts';

/** Takes the lock, or finds that this execution has it. */
export const lock: Stage<Pick<RunbookPorts, 'registry' | 'executions'>> = async (run, { registry, executions }) => {
  const { kind, way, execution } = run;
  const start = { kind, way, execution };
  if (run.dryRun) {
    await registry.mayBegin(start, executions);
    return passed(`nothing else runs, and applications are on ${way.from}`);
  }
  const { generation, active, clients } = await registry.begin(start, executions);
  const resumed = active === way.to || clients !== 'serving';
  const says = resumed ? `goes on with what an earlier run began: applications are on ${active}, ${clients}` : 'taken';
  return passed(`generation ${generation}: ${says}`, { generation, active, clients });
};
