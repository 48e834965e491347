import { CausewayError, type CausewayErrorDetails, messageOf } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { RegistryEntry, RunningRunbook } from './entry.ts';

/** The registry does not take a change on. Nothing has been written. */
export abstract class RegistryRefusal extends CausewayError {
  readonly retriable: boolean = false;

  constructor(flow: FlowId, what: string, details: CausewayErrorDetails) {
    super(`${flowName(flow)}: ${what}`, details);
  }
}

const NOTHING_CHANGED = 'Nothing was changed: applications stay where they are.';

/** The lock is held by a run whose execution goes on. */
export class RunbookRunningError extends RegistryRefusal {
  readonly code = 'RUNBOOK_RUNNING';
  override readonly retriable = true;

  constructor(flow: FlowId, held: RunningRunbook) {
    super(flow, `a ${held.kind} has been running since ${time(held)}: ${held.execution}`, {
      safe: 'Nothing was changed: that run goes on.',
      next: `Wait for it, or have it undone with npx causeway ${held.kind} abort, then start again.`,
    });
  }
}

/** A runbook of the other way has its lock, and holds the same two flows. */
export class OppositeRunbookError extends RegistryRefusal {
  readonly code = 'OPPOSITE_RUNBOOK_RUNNING';

  constructor(flow: FlowId, { kind, from, to, execution, startedAt }: RunningRunbook) {
    const opposite = { source: flow.target, target: flow.source };
    const since = new Date(startedAt).toISOString();
    super(
      flow,
      `a ${kind} of ${flowName(opposite)} has been moving applications from ${from} to ${to} since ${since}: ${execution}`,
      {
        safe: NOTHING_CHANGED,
        next: `Both would stop and start the same flows. Wait for it, start it again if it stopped half way, or have it undone with npx causeway ${kind} abort --flow ${opposite.source}:${opposite.target}; then start again.`,
      },
    );
  }
}

/** The registry of the other way does not answer: whether a runbook of it is running is not known. */
export class OppositeUnknownError extends RegistryRefusal {
  readonly code = 'OPPOSITE_UNKNOWN';
  override readonly retriable = true;

  constructor(flow: FlowId, cause: unknown) {
    const opposite = { source: flow.target, target: flow.source };
    super(flow, `the registry of ${flowName(opposite)} does not answer: ${messageOf(cause)}`, {
      safe: NOTHING_CHANGED,
      next: `Start again when DynamoDB in the region of ${flow.source} answers; a failover does without it.`,
      cause,
    });
  }
}

/** The lock is held by a run that ended half way: only one that goes on with it may have the lock. */
export class RunUnfinishedError extends RegistryRefusal {
  readonly code = 'RUN_UNFINISHED';

  constructor(flow: FlowId, held: RunningRunbook, { clients }: RegistryEntry) {
    const what = `the ${held.kind} to ${held.to} of ${time(held)} stopped half way, clients are ${clients}: ${held.execution}`;
    super(flow, what, {
      safe: 'Nothing was changed: applications stay where they are, as they are.',
      next: `Start the ${held.kind} again: it goes on from there. If ${held.from} answers, a planned run to ${held.to} does so too, and lets clients go on where they were if it cannot.`,
    });
  }
}

/** Applications are where the run would move them to. */
export class AlreadyActiveError extends RegistryRefusal {
  readonly code = 'ALREADY_ACTIVE';

  constructor(flow: FlowId, active: string) {
    super(flow, `applications are at ${active} already`, {
      safe: NOTHING_CHANGED,
      next: `Nothing, if ${active} is where they are wanted. To move them away from there, use the runbook of the other way.`,
    });
  }
}

/** An alarm wants applications moved that were moved a short while ago. */
export class AlarmTooSoonError extends RegistryRefusal {
  readonly code = 'ALARM_TOO_SOON';

  constructor(flow: FlowId, movedAt: number, cooldownMs: number) {
    const moved = new Date(movedAt).toISOString();
    const what = `applications were moved at ${moved}, and an alarm moves none within ${cooldownMs / 60_000} minutes of that`;
    super(flow, what, {
      safe: NOTHING_CHANGED,
      next: 'Find out what the alarm is about. A person may start it all the same: npx causeway failover start.',
    });
  }
}

/** Applications are at neither end of the way. */
export class WrongSideError extends RegistryRefusal {
  readonly code = 'WRONG_SIDE';

  constructor(flow: FlowId, active: string, from: string) {
    super(flow, `applications are at ${active}, and the run would move them from ${from}`, {
      safe: NOTHING_CHANGED,
      next: 'Compare the aliases of the configuration with the STATE item of the registry: one of the clusters was named anew.',
    });
  }
}

/** The run does not hold the lock: a later one has it, or the run has ended. */
export class RunSupersededError extends RegistryRefusal {
  readonly code = 'RUN_SUPERSEDED';

  constructor(flow: FlowId, generation: number, now: RegistryEntry) {
    const instead =
      now.run && now.generation !== generation
        ? `the ${now.run.kind} of generation ${now.generation} has it, ${now.run.execution}`
        : `it was given back, the newest run is of generation ${now.generation}`;
    super(flow, `the run of generation ${generation} does not hold the lock any more: ${instead}`, {
      safe: 'Nothing was changed, and nothing of this run is taken on any more.',
      next: 'Nothing for this run. Follow the newest one with npx causeway failover status.',
    });
  }
}

/** The run is being undone: it does nothing more that leads on. */
export class RunAbortedError extends RegistryRefusal {
  readonly code = 'RUN_ABORTED';

  constructor(flow: FlowId, held: RunningRunbook) {
    super(flow, `the ${held.kind} to ${held.to} is to be undone`, {
      safe: 'Nothing more is changed by it: applications stay where they are.',
      next: `Nothing, while the execution undoes it. If the execution has ended, have it undone: npx causeway ${held.kind} abort. Started again, it would go on instead.`,
    });
  }
}

/** Applications have been moved: what is before that is not undone any more. */
export class ApplicationsMovedError extends RegistryRefusal {
  readonly code = 'APPLICATIONS_MOVED';

  constructor(flow: FlowId, { from, to, kind }: RunningRunbook) {
    super(flow, `the ${kind} has moved the applications to ${to}`, {
      safe: 'Nothing was changed: applications go on there.',
      next: `Let the run end. The way back to ${from} is a runbook of its own.`,
    });
  }
}

/** Applications are not moved while they may still write, or read, where they are. */
export class NotFencedError extends RegistryRefusal {
  readonly code = 'NOT_FENCED';

  constructor(flow: FlowId, held: RunningRunbook, { clients }: RegistryEntry) {
    super(flow, `the ${held.kind} would move applications to ${held.to} while they are ${clients}`, {
      safe: NOTHING_CHANGED,
      next: 'Start the runbook again: its stages fence clients first.',
    });
  }
}

/** The lock is not given back while clients hold: nobody would let them go on. */
export class ClientsStillFencedError extends RegistryRefusal {
  readonly code = 'CLIENTS_STILL_FENCED';

  constructor(flow: FlowId, held: RunningRunbook, { clients }: RegistryEntry) {
    super(flow, `the ${held.kind} to ${held.to} cannot end with ${clients}`, {
      safe: 'Nothing was changed: clients hold, the lock stays.',
      next: `Start the ${held.kind} again: it moves the applications, or lets them go on where they were.`,
    });
  }
}

/** A drill neither fences nor moves a client. */
export class DrillMovesNobodyError extends RegistryRefusal {
  readonly code = 'DRILL_MOVES_NOBODY';

  constructor(flow: FlowId) {
    super(flow, 'a drill was about to change what applications do', {
      safe: NOTHING_CHANGED,
      next: 'Report this as a defect of Causeway: no stage of a drill does that.',
    });
  }
}

/** Others wrote between every read and the write after it. */
export class RegistryBusyError extends RegistryRefusal {
  readonly code = 'REGISTRY_BUSY';
  override readonly retriable = true;

  constructor(flow: FlowId, attempts: number) {
    super(flow, `the registry was changed by others ${attempts} times while it was to be written`, {
      safe: 'Nothing was changed by this.',
      next: 'Nothing, if it passes: the stage is called again. If it stays, look for a client that writes to the registry table.',
    });
  }
}

function time({ startedAt }: RunningRunbook): string {
  return new Date(startedAt).toISOString();
}
