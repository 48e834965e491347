import { expect, inject, onTestFinished, test } from 'vitest';
import { holdPorts } from '../../../functions/hold-ports.ts';
import { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbQuarantine } from '../../../shared/adapters/dynamodb/quarantine.ts';
import { DynamoDbTopicRegistry } from '../../../shared/adapters/dynamodb/topic-registry.ts';
import { ClusterAdmin } from '../../../shared/adapters/kafka/admin.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import type { KafkaTargetLog } from '../../../shared/adapters/kafka/target-log.ts';
import { PartitionAppender } from '../../../shared/append/append.ts';
import { defaultAppendSettings, silentObserver } from '../../../shared/append/context.ts';
import type { TargetLog } from '../../../shared/append/ports.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { holdFlow } from '../../../shared/hold/hold-flow.ts';
import { liftFlow } from '../../../shared/hold/lift-flow.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { connect as connectTable, createTable } from '../dynamodb/table.ts';
import { connect, createTopic, logOf, recordsFrom, uniqueName, valuesIn } from '../kafka/target.ts';

const UNTIL_MS = 30_000;
const clock = { now: () => Date.now(), wait: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };

/** The records of this test were never in a source. */
class TrustedSource extends KafkaSourceLog {
  override async holds(): Promise<boolean> {
    return true;
  }
}

/** Requests that are on their way for as long as `gate` is closed. */
function slowed(log: KafkaTargetLog, gate: Promise<void>, sent: () => void): TargetLog<KafkaRecord> {
  return {
    maxBatchBytes: log.maxBatchBytes,
    sizeOf: (record) => log.sizeOf(record),
    topicId: () => log.topicId(),
    append: async (...batch) => {
      sent();
      await gate;
      return log.append(...batch);
    },
    scan: (from) => log.scan(from),
    bounds: () => log.bounds(),
    endOfLeaderEpoch: (epoch) => log.endOfLeaderEpoch(epoch),
    describeProducer: (id) => log.describeProducer(id),
    initProducer: () => log.initProducer(),
    requestMarker: (producer) => log.requestMarker(producer),
  };
}

async function scene() {
  const { awsEndpoint, clusters } = inject('regions');
  const [east, west] = clusters;
  if (awsEndpoint === undefined || east === undefined || west === undefined) throw new Error('needs both regions');
  const [source, target] = [connect(east.bootstrapServers), connect(west.bootstrapServers)];
  const table = connectTable(awsEndpoint);
  onTestFinished(async () => {
    await Promise.all([source.close(), target.close()]);
    table.destroy();
  });
  const tableName = await createTable(table);
  const flow = { source: 'us-east', target: 'us-west' };
  const registry = new DynamoDbTopicRegistry(table, tableName, flow);
  const heads = new DynamoDbOffsetMap(table, { tableName });

  const takeOn = async () => {
    const topic = await createTopic(source);
    const remoteTopic = await createTopic(target, { name: `us-east.${topic}` });
    const item: TopicItem = {
      version: 1,
      topic,
      remoteTopic,
      generation: 1,
      sourceTopicId: (await source.topic(topic, true)).topicId,
      targetTopicId: (await target.topic(remoteTopic, true)).topicId,
      partitions: 1,
      state: 'active',
      consumerGroup: uniqueName('causeway.us-east.us-west'),
      mappingUuid: undefined,
      drainedAfter: undefined,
    };
    await registry.write(0, item);
    return item;
  };

  /** An execution environment of `replicate`, with a memory and connections of its own. */
  const environment = (item: TopicItem, wrap = (log: KafkaTargetLog): TargetLog<KafkaRecord> => log) => {
    const { topic, remoteTopic, consumerGroup } = item;
    const own = connect(west.bootstrapServers);
    onTestFinished(() => own.close());
    const appender = new PartitionAppender({
      partition: partitionOf(item),
      target: wrap(logOf(own, remoteTopic, { transactionalId: `${consumerGroup}.0` })),
      source: new TrustedSource(source, { topic, partition: 0 }),
      heads,
      quarantine: new DynamoDbQuarantine(table, tableName),
      clock,
      observer: silentObserver,
      settings: defaultAppendSettings,
    });
    return {
      deliver: (from: number, count: number) =>
        appender.append({
          records: recordsFrom(from, count),
          firstOffset: from,
          deadline: Date.now() + UNTIL_MS,
          invocation: crypto.randomUUID(),
        }),
    };
  };
  const partitionOf = ({ topic, remoteTopic }: TopicItem): FlowPartition => {
    return { flow, topic, remoteTopic, partition: 0, generation: 1 };
  };
  const ports = holdPorts({
    flow,
    table,
    tableName,
    target: async () => target,
    clock,
    settings: {},
    invocation: 'runbook',
  });
  return {
    takeOn,
    environment,
    partitionOf,
    heads,
    registry,
    hold: (generation: number) => holdFlow(ports, generation, 'failover', { until: Date.now() + UNTIL_MS }),
    lift: (generation: number) => liftFlow(ports, generation, { until: Date.now() + UNTIL_MS }),
    valuesIn: (item: TopicItem) => valuesIn(target, item.remoteTopic),
    endOf: async ({ remoteTopic }: TopicItem) =>
      [...(await new ClusterAdmin(target).logEnds([{ topic: remoteTopic, partition: 0 }])).values()][0],
  };
}

test('from the answer of a hold on, neither a HEAD in memory nor a request under way appends anything, until it is lifted', async () => {
  const { takeOn, environment, partitionOf, heads, hold, lift, valuesIn, endOf } = await scene();
  const [orders, payments] = [await takeOn(), await takeOn()];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: isSent, resolve: sent } = Promise.withResolvers<void>();
  let slow = false;
  const late = environment(orders, (log) => {
    const delayed = slowed(log, gate, sent);
    return { ...delayed, append: (...batch) => (slow ? delayed : log).append(...batch) };
  });
  const zombie = environment(orders);
  expect(await late.deliver(0, 3)).toEqual({ kind: 'done' });
  expect(await zombie.deliver(0, 3)).toEqual({ kind: 'done' });
  slow = true;
  const underWay = late.deliver(3, 2);
  await isSent;

  const first = await hold(7);

  expect(first.notYet).toEqual([]);
  expect(first.notBegun).toEqual([partitionOf(payments)]);
  expect(first.held).toMatchObject([{ head: { heldBy: { generation: 7 }, nextSource: 3, fence: { kind: 'none' } } }]);
  const end = await endOf(orders);
  open();
  expect(await underWay).toMatchObject({ kind: 'stopped', from: 3, error: { code: 'FLOW_HELD' } });
  expect(await zombie.deliver(3, 2)).toMatchObject({ kind: 'stopped', from: 3, error: { code: 'FLOW_HELD' } });
  expect(await environment(payments).deliver(0, 2)).toMatchObject({ kind: 'stopped', error: { code: 'FLOW_HELD' } });
  expect(await heads.read(partitionOf(payments))).toBeUndefined();
  expect(await endOf(orders)).toBe(end);

  expect(await hold(7)).toEqual(first);
  await expect(hold(6)).rejects.toMatchObject({ code: 'HOLD_OUTRANKED' });
  await expect(lift(6)).rejects.toMatchObject({ code: 'HOLD_OUTRANKED' });
  expect(await endOf(orders)).toBe(end);

  expect(await lift(7)).toEqual({ lifted: [partitionOf(orders)], notYet: [] });
  expect(await zombie.deliver(3, 2)).toEqual({ kind: 'done' });
  expect(await late.deliver(3, 3)).toEqual({ kind: 'done' });
  expect(await environment(payments).deliver(0, 2)).toEqual({ kind: 'done' });
  expect(await valuesIn(orders)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'v5']);
  expect(await valuesIn(payments)).toEqual(['v0', 'v1']);
});

test('a batch that reached the broker before the hold is in the HEAD that the hold answers', async () => {
  const { takeOn, environment, hold, lift, valuesIn } = await scene();
  const orders = await takeOn();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  let slow = false;
  const dying = environment(orders, (log) => ({
    ...slowed(log, Promise.resolve(), () => {}),
    append: async (...batch) => {
      const outcome = await log.append(...batch);
      if (!slow) return outcome;
      arrive();
      await gate;
      return outcome;
    },
  }));
  expect(await dying.deliver(0, 2)).toEqual({ kind: 'done' });
  slow = true;
  const unanswered = dying.deliver(2, 2);
  await arrived;

  const { held } = await hold(3);

  expect(held).toMatchObject([{ head: { nextSource: 4 } }]);
  open();
  expect(await unanswered).toMatchObject({ kind: 'stopped', error: { code: 'FLOW_HELD' } });
  await lift(4);
  slow = false;
  expect(await dying.deliver(2, 3)).toEqual({ kind: 'done' });
  expect(await valuesIn(orders)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4']);
});
