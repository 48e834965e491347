import type { CausewayError } from '../../flow/errors.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import {
  AlreadyActiveError,
  OppositeRunbookError,
  OppositeUnknownError,
  RunbookRunningError,
} from '../registry/refusals.ts';
import { RunbookKind, type RunbookRun } from '../runbook.ts';
import type { Stage } from '../stage.ts';
import { passed, stopped, warned } from './outcome.ts';
import { isDefect } from './poll.ts';

type Ports = Pick<RunbookPorts, 'registry' | 'executions' | 'opposite'>;

/** Takes the lock, or finds that this execution has it. */
export const lock: Stage<Ports> = async (run, ports) => {
  const { registry, executions } = ports;
  const { kind, way, execution, startedBy } = run;
  const start = { kind, way, execution, startedBy };
  if (run.dryRun) {
    const refusal = await registry.mayBegin(start, executions).catch((error: unknown) => error);
    if (refusal === undefined) {
      const other = await oppositeRun(run, ports);
      if (other !== undefined) return warned(`would end here: ${other.message}`);
      const { run: before, active, clients } = await registry.entry();
      return before === undefined && clients === 'serving'
        ? passed(`nothing else runs, and applications are on ${way.from}`)
        : warned(`would go on with what an earlier run left half way: applications are on ${active}, ${clients}`);
    }
    // Dry runs are made by a schedule, wherever applications are: the rest may still be tried.
    if (refusal instanceof AlreadyActiveError || refusal instanceof RunbookRunningError)
      return warned(`would end here: ${refusal.message}`);
    throw refusal;
  }
  const { generation, active, clients } = await registry.begin(start, executions);
  const resumed = active === way.to || clients !== 'serving';
  const evidence = { generation, active, clients };
  // Only after the lock was taken: of two that begin at once, one at least sees the other.
  const other = resumed ? undefined : await oppositeRun(run, ports);
  if (other !== undefined) {
    return run.emergency
      ? warned(`generation ${generation}: taken, although ${other.message}`, evidence)
      : stopped(other, evidence);
  }
  const says = resumed ? `goes on with what an earlier run began: applications are on ${active}, ${clients}` : 'taken';
  return passed(`generation ${generation}: ${says}`, evidence);
};

/**
 * A run of the registry of the other way stops and starts the same two flows, and the generations of two registries say
 * nothing of each other. One that goes on with what stopped half way is not asked: it kept the other from beginning.
 */
async function oppositeRun({ flow, kind }: RunbookRun, { opposite }: Ports): Promise<CausewayError | undefined> {
  if (opposite === undefined || kind === RunbookKind.Drill) return undefined;
  try {
    const run = (await opposite())?.run;
    return run === undefined || run.kind === RunbookKind.Drill ? undefined : new OppositeRunbookError(flow, run);
  } catch (cause) {
    if (isDefect(cause)) throw cause;
    return new OppositeUnknownError(flow, cause);
  }
}
