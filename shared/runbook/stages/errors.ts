import { firstOf } from '../../first-of.ts';
import { CausewayError, type CausewayErrorDetails } from '../../flow/errors.ts';
import type { RegistryEntry } from '../registry/entry.ts';

/** Why a runbook cannot go on. Asking again brings the same; the stage is called again only when a person starts it again. */
export abstract class StageError extends CausewayError {
  readonly retriable = false;
}

const UNDONE = 'Applications have not been moved. What the run had changed so far is undone.';
const UNTOUCHED = 'Nothing has been changed but the lock, which is given back.';

/** Something was waited for, and did not come about. */
export class StageTimedOut extends StageError {
  readonly code = 'STAGE_TIMED_OUT';

  constructor(stage: string, limitSeconds: number, lastSaid: string, details?: Partial<CausewayErrorDetails>) {
    super(`${stage} did not come to an end within ${limitSeconds} s, last: ${lastSaid}`, {
      safe: 'Whatever it had done stays; the stage finds it when it is called again.',
      next: 'Look into what it waited for, then start the runbook again.',
      ...details,
    });
  }
}

/** A person is to decide, and the token that takes the decision could not be kept where people look for it. */
export class NotAsked extends StageError {
  readonly code = 'NOT_ASKED';

  constructor(because: string) {
    super(`nobody could be asked to approve: ${because}`, {
      safe: UNTOUCHED,
      next: 'Start the runbook again when the table of the registry answers.',
    });
  }
}

/** A fault in the stage itself, or an answer that it does not understand. */
export class StageFailed extends StageError {
  readonly code = 'STAGE_FAILED';

  constructor(stage: string, cause: unknown) {
    super(`${stage} failed: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, {
      safe: 'Whatever it had done stays; the stage finds it when it is called again.',
      next: 'Look into the log of the function runbook, then start the runbook again.',
      cause,
    });
  }
}

/** Another run has the lock, or this one gave it back: nothing that it still does counts. */
export class LockLost extends StageError {
  readonly code = 'RUN_SUPERSEDED';

  constructor(execution: string, { generation, run }: RegistryEntry) {
    const holder = run === undefined ? 'nobody holds it' : `generation ${generation} holds it, ${run.execution}`;
    super(`${execution} does not hold the lock any more: ${holder}`, {
      safe: 'Nothing was changed, and nothing of this run is taken on any more.',
      next: 'Nothing for this run. Follow the newest one with npx causeway failover status.',
    });
  }
}

/** A planned run needs the cluster that it moves applications from. */
export class SourceNotWell extends StageError {
  readonly code = 'SOURCE_NOT_WELL';

  constructor(cluster: string, what: string) {
    super(`${cluster} is not well: ${what}`, {
      safe: UNTOUCHED,
      next: `Mend ${cluster} first, or start a failover if it is lost.`,
    });
  }
}

/** An emergency is none while the cluster answers: a switchover loses nothing. */
export class SourceAnswers extends StageError {
  readonly code = 'SOURCE_ANSWERS';

  constructor(cluster: string, what: string) {
    super(`${cluster} is not gone: ${what}`, {
      safe: UNTOUCHED,
      next: 'Start a switchover instead: it loses nothing.',
    });
  }
}

/** Heartbeats stay away, which may be a beginning: what an alarm has started looks again. */
export class BrokersAnswer extends StageError {
  readonly code = 'BROKERS_ANSWER';

  constructor(cluster: string, brokers: string, heartbeats: string) {
    super(`${cluster} is not gone: ${brokers}, although ${heartbeats}`, {
      safe: UNTOUCHED,
      next: `Find out why heartbeats stay away (npx causeway status). While ${cluster} answers, a switchover loses nothing. What an alarm has started looks again by itself.`,
    });
  }
}

/** Only one sign says that the cluster is gone. */
export class NoSecondProof extends StageError {
  readonly code = 'NO_SECOND_PROOF';

  constructor(cluster: string) {
    super(
      `beside the silence of its brokers there is no second sign that ${cluster} is gone: no heartbeat of it ever came`,
      {
        safe: UNTOUCHED,
        next: 'A network fault between the regions looks the same. Deploy heartbeats for the pair; until then move the applications by hand (docs/runbooks.md).',
      },
    );
  }
}

/** The cluster that applications would move to does not take them. */
export class TargetNotWell extends StageError {
  readonly code = 'TARGET_NOT_WELL';

  constructor(cluster: string, faults: readonly string[]) {
    super(`${cluster} does not take the load: ${listed(faults)}`, {
      safe: UNTOUCHED,
      next: `Mend ${cluster}, then start the runbook again.`,
    });
  }
}

/** Not all of the flow is being copied. */
export class FlowNotWell extends StageError {
  readonly code = 'FLOW_NOT_WELL';

  constructor(flow: string, faults: readonly string[]) {
    super(`${flow} does not copy everything: ${listed(faults)}`, {
      safe: UNTOUCHED,
      next: 'npx causeway status says what is to be done about each topic partition. Then start the runbook again.',
    });
  }
}

/** Somebody writes who does not follow the registry. */
export class UnroutedProducer extends StageError {
  readonly code = 'UNROUTED_PRODUCER';

  /** @param refused whether brokers refuse whoever they can; `back` whether applications are to go home */
  constructor(cluster: string, growth: readonly string[], { refused = false, back = false } = {}) {
    const although = refused ? ', although its brokers refuse whom ACLs hold' : '';
    const hints = [
      ...(refused ? ['ACLs hold neither super users nor clients that log in with IAM.'] : []),
      ...(back
        ? [`Applications at home on ${cluster} look the same: docs/runbooks.md says what to do about them.`]
        : []),
    ];
    super(`somebody goes on writing to ${cluster}${although}: ${listed(growth)}`, {
      safe: `${UNDONE} Producers go on where they were.`,
      next: ['Stop these producers or let them follow the registry, then start the runbook again.', ...hints].join(' '),
    });
  }
}

/** The target's log grew although the flow was held. */
export class FlowStillWrites extends StageError {
  readonly code = 'FLOW_STILL_WRITES';

  constructor(cluster: string, growth: readonly string[]) {
    super(`remote topics on ${cluster} grow although the flow is held: ${listed(growth)}`, {
      safe: 'The flow itself cannot append. What is appended is somebody else’s.',
      next: 'Find out who else writes to the remote topics (kafka-transactions.sh describe-producers), then start the runbook again.',
    });
  }
}

/** A planned run found records that are not in the target. */
export class RecordsLeft extends StageError {
  readonly code = 'RECORDS_LEFT';

  constructor(from: string, to: string, left: readonly string[]) {
    super(`records of ${from} are not in ${to}: ${listed(left)}`, {
      safe: UNDONE,
      next: 'npx causeway status says why they are not copied. Then start the runbook again.',
    });
  }
}

/** Consumers that do not follow the registry. */
export class GroupsStillActive extends StageError {
  readonly code = 'GROUPS_ACTIVE';

  constructor(cluster: string, groups: readonly string[]) {
    super(`groups have members on ${cluster} that do not leave: ${listed(groups)}`, {
      safe: UNDONE,
      next: 'Stop these consumers or let them follow the registry, then start the runbook again.',
    });
  }
}

/** Groups that cannot go on exactly where they were. */
export class GroupsLeftOut extends StageError {
  readonly code = 'GROUPS_LEFT_OUT';

  constructor(to: string, groups: readonly string[]) {
    super(`groups cannot be moved to ${to}: ${listed(groups)}`, {
      safe: UNDONE,
      next: 'docs/runbooks.md says of each reason what to do. Then start the runbook again.',
    });
  }
}

/** A consumer that had moved would not have read on exactly where it was. */
export class RecordsDiffer extends StageError {
  readonly code = 'RECORDS_DIFFER';

  constructor(to: string, differences: readonly string[]) {
    super(`consumers that resume on ${to} read something else: ${listed(differences)}`, {
      safe: 'No client was moved. Production groups are as they were.',
      next: 'Do not move applications until it is understood. npx causeway translate shows the offsets; compare the records there.',
    });
  }
}

/** Shadow groups of a drill that could not be deleted. */
export class ShadowsLeft extends StageError {
  readonly code = 'SHADOWS_LEFT';

  constructor(to: string, groups: readonly string[]) {
    super(`shadow groups are left on ${to}: ${listed(groups)}`, {
      safe: 'No production group was touched.',
      next: 'Delete them with kafka-consumer-groups.sh --delete, or start the drill again, which does.',
    });
  }
}

/** There is no flow that goes the way of the runbook. */
export class NoSuchFlow extends StageError {
  readonly code = 'NO_SUCH_FLOW';

  constructor(from: string, to: string) {
    super(`no flow ${from}->${to} is deployed, which would copy what applications wrote to ${from}`, {
      safe: 'Nothing was changed.',
      next: `Enable ${from}->${to} in the configuration file and deploy it.`,
    });
  }
}

const MOST_NAMED = 20;

/** The first of them, and how many more there are; the evidence has all. */
export function listed(items: readonly string[]): string {
  return firstOf(items, MOST_NAMED).join('; ');
}
