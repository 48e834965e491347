import { setTimeout as sleep } from 'node:timers/promises';
import { FlowPartitions } from '../functions/replicate/flow-partitions.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import { KafkaSourceLog } from '../shared/adapters/kafka/source-log.ts';
import { KafkaTargetLog } from '../shared/adapters/kafka/target-log.ts';
import type { HeadStore, SourceLog } from '../shared/append/ports.ts';
import type { TopicItem } from '../shared/ledger/topic-registry.ts';
import type { Head } from '../shared/offsets/head.ts';
import { BatchEncoder } from '../shared/records/batch.ts';
import { codecs } from '../shared/records/codec.ts';
import { parseEvent } from '../shared/records/event.ts';
import type { KafkaRecord } from '../shared/records/record.ts';
import { replicateEvent } from '../shared/replicate/replicate-event.ts';
import type { OpenPath } from './append-path.ts';

const INVOCATION_MS = 60_000;

/**
 * All of `replicate` but the AWS SDK: the protocol too, with HEAD in memory and conditional as in the table. Source and
 * target are one topic, so that the source's facts are asked of a real broker as well.
 */
export const replicatePath: OpenPath = async (cluster, topic, codec) => {
  const admin = new ClusterAdmin(cluster);
  const topicId = await admin.createTopic({ name: topic, partitions: 1, replicationFactor: 1 });
  const maxMessageBytes = await admin.maxMessageBytes(topic);
  const encoder = new BatchEncoder({ codec: codecs[codec] });
  const item: TopicItem = {
    version: 1,
    topic,
    remoteTopic: topic,
    generation: 1,
    sourceTopicId: topicId,
    targetTopicId: topicId,
    partitions: 1,
    state: 'active',
    consumerGroup: `bench-${topic}`,
    mappingUuid: undefined,
    drainedAfter: undefined,
  };
  const partitions = new FlowPartitions({
    flow: { source: 'us-east', target: 'us-west' },
    registry: { read: async () => item },
    heads: memoryHeads(),
    quarantine: { put: () => Promise.reject(new Error('no record is set aside here')) },
    clock: { now: Date.now, wait: (ms) => sleep(ms) },
    observer: {
      tookOver: unexpected,
      settled: unexpected,
      dropped: unexpected,
      recorded: unexpected,
      retried: () => {},
    },
    settings: {},
    shared: false,
    leavesOut: undefined,
    facts: async () => ({ sparse: false, maxMessageBytes }),
    targetLog: (_, partition) =>
      new KafkaTargetLog(cluster, { topic, partition, transactionalId: `bench-${topic}`, encoder, maxMessageBytes }),
    sourceLog: (_, partition) => withEveryRecord(new KafkaSourceLog(cluster, { topic, partition })),
  });
  const never = new AbortController().signal;
  let invocations = 0;
  return {
    async handle(text) {
      const invocation = { id: `bench-${++invocations}`, deadline: Date.now() + INVOCATION_MS };
      const { response, outcomes } = await replicateEvent(parseEvent(JSON.parse(text)), invocation, (name, partition) =>
        partitions.open(name, partition, never),
      );
      if (response.batchItemFailures.length > 0) throw outcomes.find(({ stopped }) => stopped)?.stopped?.error;
    },
  };
};

/** The events are made up: no source holds their records. Asked for once, before the first. */
function withEveryRecord(log: KafkaSourceLog): SourceLog<KafkaRecord> {
  return {
    state: () => log.state(),
    endOfLeaderEpoch: (epoch) => log.endOfLeaderEpoch(epoch),
    logStart: () => log.logStart(),
    logEnd: () => log.logEnd(),
    holds: async () => true,
    hasRecords: async () => true,
  };
}

function memoryHeads(): HeadStore {
  let stored: Head | undefined;
  return {
    read: async () => stored,
    runsFrom: async () => [],
    write: async (_, expected, { head }) => {
      if ((stored?.version ?? 0) !== expected) return 'conflict';
      stored = head;
      return 'written';
    },
  };
}

function unexpected(): never {
  throw new Error('the steady state was left');
}
