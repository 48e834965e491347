import { ClusterUnreachableError } from '../../adapters/kafka/errors.ts';
import { CausewayError } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import { flowPartition, replicatedTopics } from '../../groups/knowledge.ts';
import type { GroupPlan } from '../../groups/plan.ts';
import { planTick, readSource } from '../../groups/tick.ts';
import { asCalledHere } from '../called-here.ts';
import { type Fact, type FlowFacts, known, type MapFacts, type SourceFacts, type TargetFacts } from './facts.ts';
import { newestOf, OFF } from './newest.ts';
import type { StatusPorts } from './ports.ts';
import { readTimes } from './read-times.ts';

/**
 * Reads what there is to know of a flow. The map is read before the logs, so that these are not behind it. Whatever does
 * not answer leaves a fact open and ends nothing.
 */
export async function readFlow(ports: StatusPorts): Promise<FlowFacts> {
  const { flow } = ports;
  const map = await fact(ports, () => readMap(ports));
  const topics = known(map);
  const [sourceSide, targetSide, groups] = await Promise.all([
    fact(ports, () => readSourceSide(ports, topics)),
    fact(ports, () => readTargetSide(ports, topics)),
    fact(ports, () => readGroups(ports, topics)),
  ]);
  const { writesCheckpoints } = ports;
  const names = { flow: flowName(flow), source: flow.source, target: flow.target };
  const facts = { ...names, writesCheckpoints, map, sourceSide, targetSide, groups };
  const answers = 'error' in groups && !('error' in targetSide) && writesCheckpoints;
  const instead = answers ? await fact(ports, () => ports.lastCheckpoints()) : undefined;
  const checkpointed = instead === undefined ? undefined : known(instead);
  return { ...facts, ...(checkpointed !== undefined && { checkpointed }), times: await readTimes(ports, facts) };
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
    partitions: partitions.map((each) => ({ topic: each.topic, partition: each.partition, head: heads.get(each) })),
  };
}

async function readSourceSide(ports: StatusPorts, map: MapFacts | undefined): Promise<SourceFacts> {
  const source = await ports.source();
  const known = new Set(map?.topics.map(({ topic }) => topic));
  const names = await ports.sourceTopics();
  const logs = await source.logs(map?.partitions ?? []);
  const notYet = map === undefined ? [] : names.filter((name) => ports.covers(name) && !known.has(name)).sort();
  return { logs, notYet };
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
  };
}

/** A dry plan of all groups: nothing is committed. */
async function readGroups(ports: StatusPorts, map: MapFacts | undefined): Promise<readonly GroupPlan[]> {
  const topics = {
    flow: ports.flow,
    topics: new Map((map?.topics ?? []).map((item) => [item.topic, item])),
    whyNot: () => undefined,
  };
  const source = await readSource(await ports.source(), topics, ports.rules, ports.now());
  return planTick(source, await ports.target(), ports.maps, topics);
}

/** Who stands outside of the VPC is told what answers from there. */
function nextOf(error: CausewayError): string {
  const next = asCalledHere(error.next);
  return error instanceof ClusterUnreachableError
    ? `${next} From where no broker can be reached, plan, translate and explain --live answer all the same.`
    : next;
}

async function fact<T>({ now }: StatusPorts, read: () => Promise<T>): Promise<Fact<T>> {
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
