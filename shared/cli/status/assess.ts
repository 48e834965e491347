import { type Fact, type FlowFacts, known } from './facts.ts';
import { type GroupStatus, groupsOf } from './group-status.ts';
import { byHurt, type Lag, NOT_KNOWN, secondsSince, total } from './lag.ts';
import { type Limits, type TopicStatus, topicsOf } from './topic-status.ts';

/** Something that was asked, with its age when all had been. */
export interface Asked {
  readonly name: string;
  readonly ageSeconds: number;
  readonly error?: { readonly code: string; readonly what: string; readonly next: string };
}

export interface FlowStatus extends Lag {
  readonly flow: string;
  readonly source: string;
  readonly target: string;
  readonly wrong: boolean;
  readonly problems: readonly string[];
  readonly asked: readonly Asked[];
  /** Age of the newest heartbeat from the source; undefined when there is none. */
  readonly heartbeatAgeSeconds: number | undefined;
  readonly checkpointAgeSeconds: number | undefined;
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
  const problems = [
    ...(known(map)?.removed ? ['its stack is being destroyed: nothing is replicated any more'] : []),
    ...(known(sourceSide)?.notYet ?? []).map((topic) => `${topic} is covered and not replicated yet`),
  ];
  const rows = [...topicRows, ...groupRows];
  const wrong =
    problems.length > 0 ||
    asked.some(({ error }) => error !== undefined) ||
    rows.some((row) => row.problems.length > 0);
  const age = (at: number | undefined) => (at === undefined ? undefined : secondsSince(at, now));
  return {
    ...{ flow, source, target, wrong, problems, asked, ...(known(map) === undefined ? NOT_KNOWN : total(topicRows)) },
    heartbeatAgeSeconds: age(known(targetSide)?.heartbeatAt),
    checkpointAgeSeconds: age(known(targetSide)?.checkpointAt),
    topics: topicRows,
    groups: groupRows,
  };
}

function askedOf(name: string, fact: Fact<unknown>, now: number): Asked {
  return { name, ageSeconds: secondsSince(fact.at, now), ...('error' in fact && { error: fact.error }) };
}
