import { counted } from '../terminal/page.ts';
import { type Fact, type FlowFacts, known, type Newest } from './facts.ts';
import { type GroupStatus, groupsOf } from './group-status.ts';
import { byHurt, type Lag, NOT_KNOWN, secondsSince, total } from './lag.ts';
import { type Limits, type TopicStatus, topicsOf } from './topic-status.ts';

/** Something that was asked, with its age when all had been. */
export interface Asked {
  readonly name: string;
  readonly ageSeconds: number;
  readonly error?: { readonly code: string; readonly what: string; readonly next: string };
}

/** A sign of life: its age, that there is none, or why that is not known. */
export type Sign =
  | { readonly state: 'written'; readonly ageSeconds: number }
  | Exclude<Newest, { readonly state: 'written' }>;

export interface FlowStatus extends Lag {
  readonly flow: string;
  readonly source: string;
  readonly target: string;
  readonly wrong: boolean;
  readonly problems: readonly string[];
  readonly asked: readonly Asked[];
  /** The newest heartbeat from the source. */
  readonly heartbeat: Sign;
  readonly checkpoint: Sign;
  /** What hurts most comes first. */
  readonly topics: readonly TopicStatus[];
  readonly groups: readonly GroupStatus[];
}

/** What the facts say at `now`, ms since the epoch. */
export function assess(facts: FlowFacts, limits: Limits, now: number): FlowStatus {
  const { flow, source, target, map, sourceSide, targetSide, groups } = facts;
  const topicRows = topicsOf(facts, limits, now).toSorted(byHurt((row) => row.topic));
  const groupRows = groupsOf(facts, now).toSorted(byHurt((row) => row.group));
  const asked = [
    askedOf('offset map', map, now),
    askedOf(source, sourceSide, now),
    askedOf(target, targetSide, now),
    askedOf('groups', groups, now),
  ];
  const signs = {
    heartbeat: signOf(known(targetSide)?.heartbeat, target, now),
    checkpoint: signOf(known(targetSide)?.checkpoint, target, now),
  };
  const problems = [
    ...(known(map)?.removed ? ['its stack is being destroyed: nothing is replicated any more'] : []),
    ...(known(sourceSide)?.notYet ?? []).map((topic) => `${topic} is covered and not replicated yet`),
    ...(signs.checkpoint.state === 'none' ? unwrittenCheckpoints(facts, groupRows) : []),
  ];
  const rows = [...topicRows, ...groupRows];
  const wrong =
    problems.length > 0 ||
    asked.some(({ error }) => error !== undefined) ||
    Object.values(signs).some(({ state }) => state === 'unknown') ||
    rows.some((row) => row.problems.length > 0);
  return {
    ...{ flow, source, target, wrong, problems, asked, ...(known(map) === undefined ? NOT_KNOWN : total(topicRows)) },
    heartbeat: signs.heartbeat,
    checkpoint: signs.checkpoint,
    topics: topicRows,
    groups: groupRows,
  };
}

function signOf(newest: Newest | undefined, target: string, now: number): Sign {
  if (newest === undefined) return { state: 'unknown', because: `${target} could not be asked` };
  return newest.state === 'written' ? { state: 'written', ageSeconds: secondsSince(newest.at, now) } : newest;
}

/** Groups that have a place on the target are to be in the checkpoints. */
function unwrittenCheckpoints({ writesCheckpoints }: FlowFacts, groups: readonly GroupStatus[]): readonly string[] {
  const due = groups.filter(({ translated }) => translated > 0).length;
  if (!writesCheckpoints || due === 0) return [];
  return [
    `no checkpoint was ever written, though ${counted(due, 'group')} could be carried over: see the log of the function checkpoint`,
  ];
}

function askedOf(name: string, fact: Fact<unknown>, now: number): Asked {
  return { name, ageSeconds: secondsSince(fact.at, now), ...('error' in fact && { error: fact.error }) };
}
