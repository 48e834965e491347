import { CausewayError } from '../flow/errors.ts';
import { flowName } from '../flow/flow.ts';
import { type SourceOffset, sourceOffset } from '../flow/offset.ts';
import { isTold, type Untold } from '../groups/committed-offsets.ts';
import { flowPartition, replicatedTopics } from '../groups/knowledge.ts';
import type { GroupPlan } from '../groups/plan.ts';
import type { PartitionLog } from '../groups/ports.ts';
import { planTick, readSource } from '../groups/tick.ts';
import type { ByPartition } from '../runbook/ports/cluster.ts';
import {
  type Fact,
  type FlowFacts,
  known,
  type Logs,
  type MapFacts,
  type SourceFacts,
  type SourceLogs,
  type TargetFacts,
} from './facts.ts';
import { findLate, type Patience } from './late.ts';
import { newestOf, OFF } from './newest.ts';
import { type OnTarget, readOnTarget } from './on-target.ts';
import type { StatusPorts } from './ports.ts';
import { readOldest } from './read-oldest.ts';

/**
 * Reads what there is to know of a flow. The map is read before the logs, so that these are not behind it, and the target's
 * groups before the source's, so that those are not ahead. Whatever does not answer leaves a fact open and ends nothing.
 */
export async function readFlow(ports: StatusPorts, patience: Patience = {}): Promise<FlowFacts> {
  const { flow, writesCheckpoints, commitsOffsets, heartbeatMs, keepsCopies } = ports;
  const map = await fact(ports, () => readMap(ports));
  const topics = known(map);
  const [sourceSide, targetSide, ofGroups, deployed] = await Promise.all([
    fact(ports, () => readSourceSide(ports, topics)),
    fact(ports, () => readTargetSide(ports, topics)),
    readGroups(ports, topics),
    ports.deployed(),
  ]);
  const names = { flow: flowName(flow), source: flow.source, target: flow.target };
  const settings = { writesCheckpoints, commitsOffsets, heartbeatMs, keepsCopies };
  const facts = { ...names, ...settings, deployed, map, sourceSide, targetSide, ...ofGroups };
  const oldest = await readOldest(ports, facts);
  const readAt = ports.now();
  return { ...facts, oldest, readAt, late: await findLate(ports, facts, patience) };
}

async function readMap(ports: StatusPorts): Promise<MapFacts> {
  const { flow, topics } = await ports.topicItems();
  const replicated = [...replicatedTopics(topics).values()];
  const partitions = replicated.flatMap((item) =>
    Array.from({ length: item.partitions }, (_, partition) => flowPartition(ports.flow, item, partition)),
  );
  const heads = await ports.heads(partitions);
  return {
    removed: flow.state === 'removed',
    topics: replicated,
    partitions: partitions.map((each) => {
      const { topic, partition, begin } = each;
      return { topic, partition, ...(begin !== undefined && { begin }), head: heads.get(each) };
    }),
  };
}

async function readSourceSide(ports: StatusPorts, map: MapFacts | undefined): Promise<SourceFacts> {
  const source = await ports.source();
  const known = new Set(map?.topics.map(({ topic }) => topic));
  const { names, placement } = await ports.sourceTopics([...known]);
  const partitions = map?.partitions ?? [];
  const [logs, committed] = await Promise.all([source.logs(partitions), ports.committedEnds(partitions)]);
  const notYet = map === undefined ? [] : names.filter((name) => ports.covers(name) && !known.has(name)).sort();
  return { logs: withCommittedEnds(logs, committed), notYet, placement };
}

function withCommittedEnds(logs: Logs<SourceOffset>, committed: ByPartition<number>): SourceLogs {
  const ofPartition = (topic: string, partition: number, log: PartitionLog<SourceOffset> | Untold) => {
    const end = committed.get(topic)?.get(partition) ?? { code: 'NOT_ANSWERED' };
    if (!isTold(log)) return log;
    return typeof end === 'number' ? { ...log, committedEnd: sourceOffset(end) } : end;
  };
  return new Map(
    [...logs].map(([topic, partitions]) => [
      topic,
      new Map([...partitions].map(([partition, log]) => [partition, ofPartition(topic, partition, log)])),
    ]),
  );
}

async function readTargetSide(ports: StatusPorts, map: MapFacts | undefined): Promise<TargetFacts> {
  const { heartbeatsTopic, checkpointsTopic } = ports;
  const target = await ports.target();
  const remote = new Map(map?.topics.map(({ topic, remoteTopic }) => [topic, remoteTopic]));
  const own = [heartbeatsTopic, checkpointsTopic].map((topic) => ({ topic, partition: 0 }));
  const copies = (map?.partitions ?? []).map(({ topic, partition }) => ({
    topic: remote.get(topic) ?? topic,
    partition,
  }));
  const logs = await target.logs([...own, ...copies]);
  const newest = (topic: string) => newestOf(ports, topic, logs.get(topic)?.get(0));
  return {
    logs,
    heartbeat: ports.copiesHeartbeats ? await newest(heartbeatsTopic) : OFF('heartbeats.replication.enabled'),
    checkpoint: ports.writesCheckpoints ? await newest(checkpointsTopic) : OFF('emit.checkpoints.enabled'),
    placement: await ports.placementOnTarget([...new Set(remote.values())]),
  };
}

/** The target's half comes first: what it has was told by a source that was no further than it is when it is asked. */
async function readGroups(
  ports: StatusPorts,
  map: MapFacts | undefined,
): Promise<Pick<FlowFacts, 'onTarget' | 'checkpoints' | 'groups'>> {
  const onTarget = await fact(ports, async () => readOnTarget(await ports.target(), ports.rules));
  if ('error' in onTarget) return { onTarget, checkpoints: undefined, groups: onTarget };
  const checkpoints = ports.writesCheckpoints ? await fact(ports, () => ports.lastCheckpoints()) : undefined;
  return { onTarget, checkpoints, groups: await fact(ports, () => planGroups(ports, onTarget.value, map)) };
}

/** A dry plan of all groups: nothing is committed. */
async function planGroups(
  ports: StatusPorts,
  { listing, offsets }: OnTarget,
  map: MapFacts | undefined,
): Promise<readonly GroupPlan[]> {
  const topics = {
    flow: ports.flow,
    topics: new Map((map?.topics ?? []).map((item) => [item.topic, item])),
    whyNot: () => undefined,
  };
  const source = await readSource(await ports.source(), topics, ports.rules, ports.now());
  const target = await ports.target();
  const asRead = { list: async () => listing, committed: async () => offsets, logs: target.logs.bind(target) };
  return planTick(source, asRead, ports.maps, topics);
}

async function fact<T>({ now, nextOf }: StatusPorts, read: () => Promise<T>): Promise<Fact<T>> {
  const at = now();
  try {
    return { at, value: await read() };
  } catch (error) {
    if (error instanceof CausewayError)
      return { at, error: { code: error.code, what: error.message, next: nextOf(error) } };
    // The SDK's errors: the table is not there, may not be read, does not answer.
    if (!(error instanceof Error)) throw error;
    const next = 'Check that the flow is deployed (--prefix), credentials, the endpoint (--endpoint-url, --run).';
    return { at, error: { code: 'AWS_CALL_FAILED', what: `${error.name}: ${error.message}`, next } };
  }
}
