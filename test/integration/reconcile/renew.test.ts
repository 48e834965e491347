import { expect, inject, onTestFinished, test } from 'vitest';
import { partitionProducers } from '../../../functions/reconcile/producers.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { PartitionAppender } from '../../../shared/append/append.ts';
import { defaultAppendSettings, silentObserver } from '../../../shared/append/context.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { partitionsDue, renewIdle } from '../../../shared/reconcile/renew.ts';
import { connect as connectTable, createTable } from '../dynamodb/table.ts';
import { connect, createTopic, logOf, recordsFrom, uniqueName, valuesIn } from '../kafka/target.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The records of this test were never in a source. */
class TrustedSource extends KafkaSourceLog {
  override async holds(): Promise<boolean> {
    return true;
  }
}

test('an idle producer is renewed by the HEAD and the transactional id of replicate, which goes on under the new epoch', async () => {
  const { awsEndpoint, clusters } = inject('regions');
  const [east, west] = clusters;
  if (awsEndpoint === undefined || east === undefined || west === undefined) throw new Error('needs both regions');
  const [source, target] = [connect(east.bootstrapServers), connect(west.bootstrapServers)];
  const dynamo = connectTable(awsEndpoint);
  onTestFinished(async () => {
    await Promise.all([source.close(), target.close()]);
    dynamo.destroy();
  });
  const tableName = await createTable(dynamo);
  const topic = await createTopic(source);
  const remoteTopic = await createTopic(target, { name: `us-east.${topic}` });
  const idOf = async (cluster: typeof source, name: string) => (await cluster.topic(name, true)).topicId;
  const flow = { source: 'us-east', target: 'us-west' };
  const item: TopicItem = {
    version: 1,
    topic,
    remoteTopic,
    generation: 1,
    sourceTopicId: await idOf(source, topic),
    targetTopicId: await idOf(target, remoteTopic),
    partitions: 1,
    state: 'active',
    consumerGroup: uniqueName('causeway.us-east.us-west'),
    mappingUuid: undefined,
    drainedAfter: undefined,
  };
  const place: FlowPartition = { flow, topic, remoteTopic, partition: 0, generation: 1 };
  const heads = new DynamoDbOffsetMap(dynamo, { tableName });
  const quarantine = new DynamoDbQuarantine(dynamo, tableName);
  // Its minute of the last day, and four days before: brokers take no records from the future.
  let renewal = Date.now();
  while (partitionsDue(flow, [item], renewal).length === 0) renewal -= MINUTE_MS;
  let now = renewal - 4 * DAY_MS;
  const clock = { now: () => now, wait: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  const replicate = new PartitionAppender({
    partition: place,
    target: logOf(target, remoteTopic, { transactionalId: `${item.consumerGroup}.0` }),
    source: new TrustedSource(source, { topic, partition: 0 }),
    heads,
    quarantine,
    clock,
    observer: silentObserver,
    settings: defaultAppendSettings,
  });
  const deliver = (from: number, count: number) =>
    replicate.append({
      records: recordsFrom(from, count).map((record) => ({ ...record, timestamp: now })),
      firstOffset: from,
      deadline: now + 30_000,
      invocation: 'replicate',
    });
  expect(await deliver(0, 3)).toEqual({ kind: 'done' });
  const before = await heads.read(place);

  const producers = partitionProducers({
    heads,
    clock,
    settings: {},
    target: async () => target,
    invocation: 'reconcile',
  });
  const registry = {
    read: async () => item,
    list: async () => ({ flow: { state: 'deployed', deployment: '' } as const, hold: undefined, topics: [item] }),
    flow: async () => ({ state: 'deployed', deployment: '' }) as const,
    hold: async () => undefined,
    write: async () => 'conflict' as const,
    setFlow: async () => {},
  };
  const run = () => renewIdle(flow, { registry, clock }, producers, now + 30_000);
  now = renewal;

  expect(await run()).toEqual({ due: 1, renewed: [place], errors: [] });

  const after = await heads.read(place);
  expect(after?.producer.producerId).toBe(before?.producer.producerId);
  expect(after?.producer.epoch).toBeGreaterThan(before?.producer.epoch ?? 0);
  expect(after).toMatchObject({ renewedAt: now, nextSource: 3, nextTarget: 4, fence: { kind: 'none' } });
  expect(await run()).toEqual({ due: 1, renewed: [], errors: [] });

  expect(await deliver(3, 2)).toEqual({ kind: 'done' });
  expect(await valuesIn(target, remoteTopic)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
  expect((await heads.read(place))?.producer).toEqual(after?.producer);
  const ends = await new ClusterAdmin(target).logEnds([{ topic: remoteTopic, partition: 0 }]);
  expect([...ends.values()]).toEqual([6]);
});
