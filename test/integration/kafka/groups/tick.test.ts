import kafkajs from 'kafkajs';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { DynamoDbOffsetMap } from '../../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbMapReader } from '../../../../shared/adapters/dynamodb/read-map/reader.ts';
import type { KafkaCluster } from '../../../../shared/adapters/kafka/cluster.ts';
import { ConsumerGroups } from '../../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import { checkpointsOf } from '../../../../shared/groups/checkpoints.ts';
import { replicatedTopics } from '../../../../shared/groups/knowledge.ts';
import type { GroupPlan } from '../../../../shared/groups/plan.ts';
import type { OffsetToCommit } from '../../../../shared/groups/ports.ts';
import { carryOut, type FlowTopics, planTick, readSource } from '../../../../shared/groups/tick.ts';
import type { TopicItem } from '../../../../shared/ledger/topic-registry.ts';
import { compileNameList } from '../../../../shared/policy/name-list.ts';
import { connect as connectTable, createTable, head, run } from '../../dynamodb/table.ts';
import { connect, createTopic, eventually, logOf, recordsFrom, uniqueName } from '../target.ts';

const { Kafka, logLevel } = kafkajs;
const { clusters, awsEndpoint } = inject('regions');
const [eastServers = '', westServers = ''] = clusters.map(({ bootstrapServers }) => bootstrapServers);
const [east, west] = [connect(eastServers, { alias: 'us-east' }), connect(westServers)];
const source = new ConsumerGroups(east, { toOffset: sourceOffset });
const target = new ConsumerGroups(west, { toOffset: targetOffset });
const table = connectTable(awsEndpoint ?? '');
/** Consumers join and leave in it, one after the other. */
vi.setConfig({ testTimeout: 120_000 });
const flow = { source: 'us-east', target: 'us-west' };
afterAll(async () => {
  await Promise.all([east.close(), west.close()]);
  table.destroy();
});

async function filled(cluster: KafkaCluster, name: string, records: number): Promise<string> {
  const topic = await createTopic(cluster, { name });
  const log = logOf(cluster, topic);
  await log.append(await log.initProducer(), 0, recordsFrom(0, records));
  return (await cluster.topic(topic, true)).topicId;
}

/** `orders` of 100 records on the source, of which 0-39 and 50-89 are copied to 0-39 and 40-79; nothing past 90 yet. */
async function copiedTopic() {
  const topic = uniqueName('orders');
  const remoteTopic = `us-east.${topic}`;
  const [sourceTopicId, targetTopicId] = [await filled(east, topic, 100), await filled(west, remoteTopic, 80)];
  const tableName = await createTable(table);
  const partition = { flow, topic, remoteTopic, partition: 0, generation: 1 };
  const frontier = { nextSource: sourceOffset(90), nextTarget: targetOffset(80), openRun: run(50, 40, 40) };
  const stored = head(1, { sourceTopicId, targetTopicId, ...frontier });
  await new DynamoDbOffsetMap(table, { tableName }).write(partition, 0, {
    head: stored,
    closed: [run(0, 0, 40)],
    ledger: [],
  });
  const item: TopicItem = {
    ...{ version: 1, topic, remoteTopic, generation: 1, sourceTopicId, targetTopicId, partitions: 1 },
    ...{ state: 'active', consumerGroup: 'causeway', mappingUuid: undefined, drainedAfter: undefined },
  };
  const topics: FlowTopics = { flow, topics: replicatedTopics([item]), whyNot: () => 'not named by topics (line 3)' };
  return { topic, remoteTopic, topics, maps: new DynamoDbMapReader(table, { tableName }) };
}

const at = (topic: string, offset: number, metadata = ''): readonly OffsetToCommit[] => [
  { topic, partition: 0, offset: targetOffset(offset), metadata },
];

function inWords(plans: readonly GroupPlan[]): Record<string, string[]> {
  const word = ({ decision }: GroupPlan['partitions'][number]) =>
    decision.kind === 'commit' ? `${decision.before ?? 'none'} to ${decision.offset}` : decision.reason;
  return Object.fromEntries(plans.map(({ group, partitions }) => [group.split('.')[1], partitions.map(word).sort()]));
}

describe('a tick of the groups', () => {
  it('sets the idle ones exactly, never back, and says why each other partition is left out', async () => {
    const { topic, remoteTopic, topics, maps } = await copiedTopic();
    const local = await createTopic(east);
    const tag = uniqueName('tick');
    const group = (name: string) => `${tag}.${name}`;
    const sourceOffsets = { behind: 45, middle: 60, 'caught-up': 90, beyond: 97, ahead: 60, there: 60, busy: 60 };
    await source.commit(
      new Map(Object.entries(sourceOffsets).map(([name, offset]) => [group(name), at(topic, offset, `at ${offset}`)])),
    );
    await source.commit(new Map([[group('middle'), at(local, 0)]]));
    await target.commit(
      new Map([
        [group('behind'), at(remoteTopic, 3)],
        [group('ahead'), at(remoteTopic, 70)],
        [group('there'), at(remoteTopic, 50)],
      ]),
    );
    const busy = new Kafka({ brokers: westServers.split(','), logLevel: logLevel.NOTHING }).consumer({
      groupId: group('busy'),
    });
    await busy.connect();
    await busy.subscribe({ topics: [remoteTopic] });
    await busy.run({ eachMessage: async () => {} });
    await eventually(
      async () => (await target.list()).groups.get(group('busy'))?.state,
      (state) => state === 'Stable',
    );
    const rules = {
      include: compileNameList({ patterns: [`${tag}.*`] }),
      exclude: compileNameList({ patterns: [] }),
    };

    const groups = await readSource(source, topics, rules, Date.now());
    const plans = await planTick(groups, target, maps, topics);
    const done = await carryOut(plans, target);

    expect(inWords(done)).toEqual({
      behind: ['3 to 40'],
      middle: ['none to 50', 'topic-not-replicated'],
      'caught-up': ['none to 80'],
      beyond: ['none to 80'],
      ahead: ['ahead-on-target'],
      there: ['unchanged'],
      busy: ['group-active-on-target'],
    });
    const offsets = await target.committed(Object.keys(sourceOffsets).map(group));
    const found = Object.keys(sourceOffsets).flatMap((name) => {
      const told = offsets.get(group(name));
      const each = told && !('code' in told) ? told.get(remoteTopic)?.get(0) : undefined;
      return each && !('code' in each) ? [[name, each.offset, each.metadata]] : [];
    });
    expect(found).toEqual([
      ['behind', 40, 'at 45'],
      ['middle', 50, 'at 60'],
      ['caught-up', 80, 'at 90'],
      ['beyond', 80, 'at 97'],
      ['ahead', 70, ''],
      ['there', 50, ''],
    ]);
    expect(plans.flatMap(checkpointsOf).find(({ group: id }) => id === group('busy'))).toEqual({
      group: group('busy'),
      topic: remoteTopic,
      partition: 0,
      upstreamOffset: 60,
      downstreamOffset: 50,
      metadata: 'at 60',
    });

    const again = await planTick({ ...groups, logs: undefined }, target, maps, topics);
    expect(again.flatMap(({ partitions }) => partitions.filter(({ decision }) => decision.kind === 'commit'))).toEqual(
      [],
    );
    await busy.disconnect();
  });

  it('tells a group that woke after the plan was made as active', async () => {
    const { topic, remoteTopic, topics, maps } = await copiedTopic();
    const id = `${uniqueName('tick')}.woken`;
    await source.commit(new Map([[id, at(topic, 60)]]));
    const rules = { include: compileNameList({ patterns: [id] }), exclude: compileNameList({ patterns: [] }) };
    const groups = await readSource(source, topics, rules, Date.now());
    const plans = await planTick(groups, target, maps, topics);
    expect(inWords(plans)).toEqual({ woken: ['none to 50'] });
    const woken = new Kafka({ brokers: westServers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: id });
    await woken.connect();
    await woken.subscribe({ topics: [remoteTopic] });
    await woken.run({ autoCommit: false, eachMessage: async () => {} });
    await eventually(
      async () => (await target.list()).groups.get(id)?.state,
      (state) => state === 'Stable',
    );

    const [done] = await carryOut(plans, target);

    const refused = { kind: 'left-out', reason: 'group-active-on-target', detail: 'UNKNOWN_MEMBER_ID' };
    expect(done?.partitions.map(({ decision }) => decision)).toEqual([refused]);
    expect((await target.committed([id])).get(id)).toEqual(new Map());
    await woken.disconnect();
  });
});
