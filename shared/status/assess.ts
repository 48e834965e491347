import { counted } from '../counted.ts';
import type { Checkpoint } from '../mm2/checkpoint.ts';
import { describeTopicPartition } from '../mm2/topic-partition.ts';
import type { Deployed } from './deployed.ts';
import { FILE_NOT_DEPLOYED } from './deployed.ts';
import { type Fact, type FlowFacts, known, type Newest } from './facts.ts';
import { type GroupStatus, groupsOf } from './group-status.ts';
import { byHurt, type Lag, NOT_KNOWN, secondsSince, total } from './lag.ts';
import { type PartitionAtRisk, Risk } from './placement.ts';
import { type Limits, type TopicStatus, topicsOf } from './topic-status.ts';

/** As many in a row are more than a function's cold start. */
const HEARTBEATS_MISSED = 10;

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

/** Checkpoints are written when something has changed, so their age alone says nothing. */
export interface Agreement {
  /** Groups of which all checkpoints are as they should be. */
  readonly groups: number;
  /** `billing in us-east.orders-0`, of checkpoints that are due and were not written while status watched. */
  readonly missing: readonly string[];
}

export interface FlowStatus extends Lag {
  readonly flow: string;
  readonly source: string;
  readonly target: string;
  readonly wrong: boolean;
  readonly problems: readonly string[];
  readonly asked: readonly Asked[];
  readonly deployed: Deployed;
  /** The newest heartbeat from the source. */
  readonly heartbeat: Sign;
  readonly checkpoint: Sign;
  /** Partitions of either cluster that one failure more could lose or stop. */
  readonly atRisk: number;
  /** What is not wrong and should be known, of the placement of partitions. */
  readonly remarks?: readonly string[];
  /** Whether the checkpoints are those of the groups' offsets; undefined where that could not be found out. */
  readonly checkpointsAgree: Agreement | undefined;
  /** Whether offsets are committed on the target (`sync.group.offsets.enabled`). */
  readonly commitsOffsets: boolean;
  /** What hurts most comes first. */
  readonly topics: readonly TopicStatus[];
  readonly groups: readonly GroupStatus[];
}

/** What the facts say. @param now ms since the epoch; lags are those of when all was read, which may be a while ago */
export function assess(facts: FlowFacts, limits: Limits, now: number): FlowStatus {
  const { flow, source, target, map, sourceSide, targetSide, groups, commitsOffsets, readAt } = facts;
  const topicRows = topicsOf(facts, limits, readAt).toSorted(byHurt((row) => row.topic));
  const groupRows = groupsOf(facts, readAt).toSorted(byHurt((row) => row.group));
  const asked = [
    askedOf('offset map', map, now),
    askedOf(source, sourceSide, now),
    askedOf(target, targetSide, now),
    askedOf('groups', groups, now),
  ];
  const signs = {
    heartbeat: signOf(known(targetSide)?.heartbeat, target, readAt),
    checkpoint: signOf(known(targetSide)?.checkpoint, target, readAt),
  };
  const placements = [[source, known(sourceSide)?.placement] as const, [target, known(targetSide)?.placement] as const];
  const remarks = placements.flatMap(([cluster, of]) => of?.remarks.map((remark) => `${cluster}: ${remark}`) ?? []);
  const problems = [
    ...wrongDeployment(facts),
    ...(known(map)?.removed ? ['its stack is being destroyed: nothing is replicated any more'] : []),
    ...(known(sourceSide)?.notYet ?? []).map((topic) => `${topic} is covered and not replicated yet`),
    ...placements.flatMap(([cluster, of]) => badlyPlaced(cluster, of?.atRisk)),
    ...oldHeartbeat(facts, signs.heartbeat, limits),
    ...(signs.checkpoint.state === 'none' ? unwrittenCheckpoints(facts, groupRows) : lateCheckpoints(facts)),
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
    atRisk: placements.reduce((sum, [, of]) => sum + (of?.atRisk.length ?? 0), 0),
    ...(remarks.length > 0 && { remarks }),
    deployed: facts.deployed,
    checkpointsAgree: agreement(facts, groupRows),
    commitsOffsets,
    topics: topicRows,
    groups: groupRows,
  };
}

function signOf(newest: Newest | undefined, target: string, now: number): Sign {
  if (newest === undefined) return { state: 'unknown', because: `${target} could not be asked` };
  return newest.state === 'written' ? { state: 'written', ageSeconds: secondsSince(newest.at, now) } : newest;
}

export function wrongDeployment({ deployed }: Pick<FlowFacts, 'deployed'>): readonly string[] {
  if (deployed.state === 'other-file')
    return [`${FILE_NOT_DEPLOYED}: deploy it, or ask with the one that was; what is said here goes by the file`];
  return deployed.state === 'missing' ? [`there is no ${deployed.what}: deploy the target half (docs/deploy.md)`] : [];
}

const RISKS: Readonly<Record<Risk, string>> = {
  [Risk.UnderReplicated]: 'too few replicas in step',
  [Risk.OneRack]: 'all replicas in one rack',
  [Risk.Uneven]: 'more replicas in one rack than there must be',
};

function badlyPlaced(cluster: string, atRisk: readonly PartitionAtRisk[] = []): readonly string[] {
  return [...Map.groupBy(atRisk, ({ risk }) => risk)].map(([risk, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `on ${cluster}, ${first?.partition ?? ''}${more} ${others.length === 0 ? 'has' : 'have'} ${RISKS[risk]}`;
  });
}

/** Groups that have a place on the target are to be in the checkpoints. */
function unwrittenCheckpoints({ writesCheckpoints }: FlowFacts, groups: readonly GroupStatus[]): readonly string[] {
  const due = groups.filter(({ translated }) => translated > 0).length;
  if (!writesCheckpoints || due === 0) return [];
  return [
    `no checkpoint was ever written, though ${counted(due, 'group')} could be carried over: see the log of the function checkpoint`,
  ];
}

/** Those that are due are written at the next tick; a flow that does not is not alive. */
function lateCheckpoints({ late: { checkpoints, seconds } }: FlowFacts): readonly string[] {
  if (checkpoints.length === 0) return [];
  const groups = new Set(checkpoints.map(({ group }) => group)).size;
  const whose = groups === 1 ? 'a group' : `${groups} groups`;
  return [
    `the checkpoints of ${whose} (${named(checkpoints)}) are not as ${groups === 1 ? 'it' : 'they'} committed, and none was written within ${seconds} s: see the log of the function checkpoint`,
  ];
}

function named([first, ...others]: readonly Checkpoint[]): string {
  const name = first === undefined ? '' : describeCheckpoint(first);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

function describeCheckpoint({ group, ...place }: Checkpoint): string {
  return `${group} in ${describeTopicPartition(place)}`;
}

/** Without the offset map no group has a place, which says nothing of its checkpoints. */
function agreement({ map, checkpoints, groups, late }: FlowFacts, rows: readonly GroupStatus[]): Agreement | undefined {
  if (checkpoints === undefined || 'error' in checkpoints || 'error' in groups || 'error' in map) return undefined;
  const behind = new Set(late.checkpoints.map(({ group }) => group));
  const agrees = rows.filter(
    ({ group, translated }) => translated > 0 && !behind.has(group) && !late.unlisted.has(group),
  );
  return { groups: agrees.length, missing: late.checkpoints.map(describeCheckpoint) };
}

/** The source's heartbeats come with everything else: where they stop, so has replication, or what writes them. */
export function oldHeartbeat(
  { heartbeatMs, source }: Pick<FlowFacts, 'heartbeatMs' | 'source'>,
  heartbeat: Sign,
  { seconds }: Limits,
): readonly string[] {
  if (heartbeat.state !== 'written' || heartbeatMs === undefined) return [];
  const limit = Math.max(seconds, (HEARTBEATS_MISSED * heartbeatMs) / 1_000);
  if (heartbeat.ageSeconds <= limit) return [];
  return [
    `the newest heartbeat of ${source} is ${heartbeat.ageSeconds} s old, more than ${limit} s: nothing comes over, or the function heartbeat beside ${source} stands`,
  ];
}

function askedOf(name: string, fact: Fact<unknown>, now: number): Asked {
  return { name, ageSeconds: secondsSince(fact.at, now), ...('error' in fact && { error: fact.error }) };
}
