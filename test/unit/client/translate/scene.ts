import type { HeadFacts } from '../../../../shared/adapters/dynamodb/read-map/head-facts.ts';
import { MapView, type ReadPartition } from '../../../../shared/adapters/dynamodb/read-map/map-view.ts';
import { PartitionMap } from '../../../../shared/adapters/dynamodb/read-map/partition-map.ts';
import { decodeTopicItem } from '../../../../shared/adapters/dynamodb/topic-item.ts';
import type {
  LastCheckpoints,
  TranslationCluster,
  TranslatorPorts,
} from '../../../../shared/client/translate/ports.ts';
import { Translator } from '../../../../shared/client/translate/translator.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { GroupOffsets, Untold } from '../../../../shared/groups/committed-offsets.ts';
import type { PartitionLog, PartitionLogs, TranslationRequest } from '../../../../shared/groups/ports.ts';
import { type TopicItem, TopicState } from '../../../../shared/ledger/topic-registry.ts';

export const FLOW = { source: 'us-east', target: 'us-west' };

/** Source 10..39 is target 0..29, source 50..89 is target 30..69; what lay between was compacted away. */
const RUNS = [
  { source: sourceOffset(10), target: targetOffset(0), length: 30 },
  { source: sourceOffset(50), target: targetOffset(30), length: 40 },
] as const;
const NEXT = { nextSource: sourceOffset(90), nextTarget: targetOffset(70) };
const IDS = { sourceTopicId: 'east-id', targetTopicId: 'west-id' };
const HEAD: HeadFacts = { ...NEXT, ...IDS, openRun: RUNS[1], lineage: '', replaying: false };

export const WHOLE: ReadPartition = new PartitionMap(HEAD, [{ runs: RUNS, lowest: true }]);
/** The first run has expired. */
export const EXPIRED: ReadPartition = new PartitionMap(HEAD, [{ runs: [RUNS[1]], lowest: true }]);

/** Of a topic that was made anew: what the copy has before 200 is of the one before. */
const ANEW = { source: sourceOffset(0), target: targetOffset(200), length: 10 };
const ANEW_HEAD = { ...HEAD, nextSource: sourceOffset(10), nextTarget: targetOffset(210), openRun: ANEW };
export const MADE_ANEW: ReadPartition = new PartitionMap(ANEW_HEAD, [{ runs: [ANEW], lowest: true }]);

export class Unreachable extends CausewayError {
  readonly code = 'KAFKA_UNREACHABLE';
  readonly retriable = true;
  constructor() {
    super('no broker answers', { safe: '', next: '' });
  }
}

export interface Scene {
  readonly topics?: readonly Partial<TopicItem>[];
  /** By partition of `orders`. */
  readonly map?: readonly ReadPartition[];
  readonly source?: ClusterFacts | 'unreachable' | 'none';
  readonly target?: ClusterFacts | 'unreachable' | 'none';
  readonly checkpoints?: LastCheckpoints;
}

interface ClusterFacts {
  readonly groups?: Readonly<Record<string, Readonly<Record<string, number | Untold>> | Untold>>;
  /** By `topic-partition`. */
  readonly logs?: Readonly<Record<string, PartitionLog<number> | Untold>>;
}

/** As it is read from the table. */
export const ORDERS: TopicItem = decodeTopicItem({
  ...{ version: 1, topic: 'orders', remoteTopic: 'us-east.orders', generation: 1, ...IDS, partitions: 2 },
  ...{ state: TopicState.Active, consumerGroup: 'causeway' },
});

export function log(logStart: number, logEnd: number, topicId: string): PartitionLog<number> {
  return { logStart, logEnd, topicId };
}

/** A translator over what the scene says, its ports, and what it was asked. */
export function scene({ topics = [{}], map = [WHOLE], source = {}, target = {}, checkpoints }: Scene = {}) {
  const items = topics.map((item) => ({ ...ORDERS, ...item }));
  const asked = { source: 0, target: 0, requests: [] as TranslationRequest[] };
  const ports: TranslatorPorts = {
    flow: FLOW,
    registry: {
      read: async (topic) => items.find((item) => item.topic === topic),
      list: async () => ({ topics: items }),
    },
    maps: {
      read: async (requests) => {
        asked.requests.push(...requests);
        return new MapView(
          requests.map(({ partition }) => [partition, map[partition.partition] ?? 'unmapped']),
          { batchGetItem: 1, query: 0 },
        );
      },
    },
    source: side(source, () => asked.source++),
    target: side(target, () => asked.target++),
    ...(checkpoints && { checkpoints: async () => checkpoints }),
  };
  return { translator: new Translator(ports), ports, asked };
}

function side(facts: ClusterFacts | 'unreachable' | 'none', connecting: () => void): TranslatorPorts['source'] {
  if (facts === 'none') return undefined;
  return async () => {
    connecting();
    if (facts === 'unreachable') throw new Unreachable();
    return clusterOf(facts);
  };
}

function clusterOf({ groups = {}, logs = {} }: ClusterFacts): TranslationCluster {
  return {
    committed: async (ids) => new Map(ids.map((id) => [id, offsetsOf(groups[id] ?? {})])),
    logs: async (places) => {
      const told: Map<string, Map<number, PartitionLog<number> | Untold>> = new Map();
      for (const { topic, partition } of places) {
        const of = told.get(topic) ?? new Map();
        told.set(topic, of.set(partition, logs[`${topic}-${partition}`] ?? { code: 'LEADER_NOT_AVAILABLE' }));
      }
      return told satisfies PartitionLogs<number>;
    },
  };
}

function offsetsOf(told: Readonly<Record<string, number | Untold>> | Untold): GroupOffsets<number> | Untold {
  if ('code' in told && typeof told.code === 'string') return { code: told.code };
  const topics = new Map<string, Map<number, { offset: number; leaderEpoch: number; metadata: string } | Untold>>();
  for (const [name, offset] of Object.entries(told)) {
    const at = name.lastIndexOf('-');
    const [topic, partition] = [name.slice(0, at), Number(name.slice(at + 1))];
    const committed = typeof offset === 'number' ? { offset, leaderEpoch: -1, metadata: '' } : offset;
    topics.set(topic, (topics.get(topic) ?? new Map()).set(partition, committed));
  }
  return topics;
}
