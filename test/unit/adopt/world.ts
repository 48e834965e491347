import type { AdoptWanted } from '../../../shared/adopt/adoption.ts';
import { Evidence } from '../../../shared/adopt/evidence.ts';
import type { AdoptPorts } from '../../../shared/adopt/ports.ts';
import type { HeadWrite } from '../../../shared/append/ports.ts';
import type { TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { encodeConnectOffset } from '../../../shared/mm2/connect-offset.ts';
import type { Head } from '../../../shared/offsets/head.ts';
import type { Mapping } from '../../../shared/reconcile/mapping.ts';
import { log } from './logs.ts';

export const GROUP = 'causeway.us-east.us-west.orders.g1';

export function wanted(changes: Partial<AdoptWanted> = {}): AdoptWanted {
  return {
    flow: { source: 'us-east', target: 'us-west' },
    topics: { covers: (topic) => !topic.startsWith('other'), remoteTopic: (topic) => `us-east.${topic}` },
    only: undefined,
    keepsNames: false,
    startsEarliest: true,
    twoWay: false,
    workersIdle: false,
    quietMs: 5_000,
    history: 1_000,
    lookBack: 1_000,
    maxRecords: 1_000,
    ...changes,
  };
}

/** A source with the topic `orders`, and MirrorMaker 2's copy of it. Everything that is written stays to be looked at. */
export class World {
  /** What the logs hold, a text a partition; the copies may be fewer. */
  source: string[];
  target: string[];
  sourceTopicId = 'source-id';
  readonly recorded = new Map<number, number>();
  readonly items = new Map<string, TopicItem>();
  readonly heads = new Map<number, Head>();
  readonly writes = new Map<number, HeadWrite>();
  readonly commits = new Map<number, number>();
  mappings: Mapping[] = [];
  compacted = new Set<string>();
  workersRunning = false;
  now = 1_000;
  /** Told of each step that changes something, and of each wait. */
  did: (step: string) => void = () => {};
  readonly steps: string[] = [];

  constructor(source: readonly string[], target: readonly string[]) {
    this.source = [...source];
    this.target = [...target];
  }

  map(): void {
    this.mappings.push({
      uuid: 'uuid',
      topic: 'orders',
      group: GROUP,
      phase: 'settled',
      origin: { kind: 'msk', clusterArn: 'arn' },
      settings: { enabled: true, batchSize: 1, batchingWindowSeconds: 0, pollers: undefined, access: [] },
      lossless: true,
    });
  }

  register(changes: Partial<TopicItem> = {}): void {
    this.items.set('orders', {
      ...{ version: 3, topic: 'orders', remoteTopic: 'us-east.orders', generation: 1, partitions: this.source.length },
      ...{ sourceTopicId: 'source-id', targetTopicId: 'target-id', state: 'active', consumerGroup: GROUP },
      ...{ mappingUuid: undefined, drainedAfter: undefined },
      ...changes,
    });
  }

  ports(): AdoptPorts {
    const done = (step: string) => {
      this.steps.push(step);
      this.did(step);
    };
    const clusterTopic = (name: string, id: string, partitions: number) => ({ name, id, partitions, internal: false });
    return {
      evidence: async () => {
        const evidence = new Evidence('us-east');
        for (const [partition, offset] of this.recorded) {
          const of = { cluster: 'us-east', partition, topic: 'orders' };
          evidence.addOffset(
            encodeConnectOffset({ connector: 'MirrorSourceConnector', kind: 'source', partition: of, offset }),
          );
        }
        return evidence;
      },
      workersRunning: async () => this.workersRunning,
      source: {
        topics: async () => [
          clusterTopic('orders', this.sourceTopicId, this.source.length),
          clusterTopic('other', 'other-id', 1),
          clusterTopic('new', 'new-id', 1),
        ],
        compacted: async () => this.compacted,
        log: async (_, partition) => log(this.source[partition] ?? ''),
        leaderEpoch: async () => 7,
      },
      target: {
        topics: async () => [
          clusterTopic('us-east.orders', 'target-id', this.target.length),
          clusterTopic('us-east.other', 'copy-of-other', 1),
        ],
        compacted: async () => this.compacted,
        log: async (_, partition) => log(this.target[partition] ?? ''),
        initProducer: async (group, partition) => {
          done(`producer ${group}.${partition}`);
          return { producerId: 40n + BigInt(partition), epoch: 2 };
        },
      },
      registry: {
        list: async () => ({
          flow: { state: 'deployed', deployment: '' },
          hold: undefined,
          topics: [...this.items.values()],
        }),
        write: async (expected, item) => {
          if ((this.items.get(item.topic)?.version ?? 0) !== expected) return 'conflict';
          done('register');
          this.items.set(item.topic, item);
          return 'written';
        },
      },
      mappings: async () => [...this.mappings],
      heads: {
        read: async ({ partition }) => this.heads.get(partition),
        write: async ({ partition }, expected, write) => {
          if ((this.heads.get(partition)?.version ?? 0) !== expected) return 'conflict';
          done(`head ${partition}`);
          this.heads.set(partition, write.head);
          this.writes.set(partition, write);
          return 'written';
        },
      },
      startOffsets: {
        committed: async () => new Map(this.commits),
        commit: async (_, __, offsets) => {
          done('commit');
          for (const [partition, offset] of offsets) this.commits.set(partition, offset);
        },
      },
      clock: {
        now: () => this.now,
        wait: async (ms) => {
          this.now += ms;
          done(`wait ${ms}`);
        },
      },
    };
  }
}
