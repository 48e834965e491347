import { BROKERS_ANSWER } from '../../../shared/runbook/machine.ts';
import { RunbookKind, StartedBy } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { type ChoiceRule, jsonata, type State } from './asl.ts';
import { UNDO_LIMIT_S } from './end-states.ts';
import { BEGINS, MOST_SECONDS, NOTHING_STOPPED, OTHERWISE } from './stage-states.ts';

/** Between two attempts: the lock is free meanwhile, and whoever wants it is not held up. */
export const LOOK_AGAIN_S = 300;
/** Attempts after the first: four hours, in which somebody has been told. An execution's history has room for as many. */
export const LOOKS = 48;

/**
 * An alarm tells once that heartbeats stay away. In a region that is being lost they may be the first to go; what comes after
 * them no alarm would tell of. So a failover that it started looks again. Nothing of an attempt is left when the next begins:
 * it is undone and concluded.
 */
export function lookAgain(kind: RunbookKind, lock: string) {
  if (kind !== RunbookKind.Failover) return { begins: {}, rules: [], states: {}, seconds: 0 };
  const found = `$stops[0].stage = 'prove-source' and $stops[0].outcome.code = '${BROKERS_ANSWER}'`;
  const again: ChoiceRule = {
    Condition: jsonata(`$call.startedBy = '${StartedBy.Alarm}' and ${found} and $looks < ${LOOKS}`),
    Assign: { ...NOTHING_STOPPED, looks: jsonata('$looks + 1') },
    Next: 'wait for what comes of it',
  };
  const states: Readonly<Record<string, State>> = {
    'wait for what comes of it': { Type: 'Wait', Seconds: LOOK_AGAIN_S, Next: 'look again' },
    'look again': { Type: 'Choice', Choices: [{ Condition: OTHERWISE, Assign: BEGINS, Next: lock }] },
  };
  return { begins: { looks: 0 }, rules: [again], states, seconds: LOOKS * (LOOK_AGAIN_S + attemptSeconds(kind)) };
}

/** The longest that an attempt takes: what it calls until it stops, `undo` and `conclude`. */
function attemptSeconds(kind: RunbookKind): number {
  const names: readonly string[] = ['lock', 'prove-source'];
  const limits = stagesOf(kind).flatMap(({ name, limitSeconds }) => (names.includes(name) ? [limitSeconds] : []));
  return [...limits, UNDO_LIMIT_S, 0].reduce((sum, limit) => sum + limit + MOST_SECONDS, 0);
}
