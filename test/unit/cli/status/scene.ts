import type { HeadFacts } from '../../../../shared/adapters/dynamodb/read-map/head-facts.ts';
import { MapView } from '../../../../shared/adapters/dynamodb/read-map/map-view.ts';
import { PartitionMap } from '../../../../shared/adapters/dynamodb/read-map/partition-map.ts';
import { decodeTopicItem } from '../../../../shared/adapters/dynamodb/topic-item.ts';
import { nextHere } from '../../../../shared/cli/called-here.ts';
import { CausewayError } from '../../../../shared/flow/errors.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { PartitionLog } from '../../../../shared/groups/ports.ts';
import { FlowState, type TopicItem, TopicState } from '../../../../shared/ledger/topic-registry.ts';
import { compileNameList } from '../../../../shared/policy/name-list.ts';
import { assess } from '../../../../shared/status/assess.ts';
import type { Deployed } from '../../../../shared/status/deployed.ts';
import type { CheckpointedGroup, Found } from '../../../../shared/status/facts.ts';
import type { Patience } from '../../../../shared/status/late.ts';
import type { PartitionAtRisk } from '../../../../shared/status/placement.ts';
import type { StatusCluster, StatusPorts } from '../../../../shared/status/ports.ts';
import { readFlow } from '../../../../shared/status/read-flow.ts';
import { type Reading, readHere } from '../../../../shared/status/reading.ts';

export const NOW = 1_700_000_000_000;

class Lost extends CausewayError {
  readonly code = 'KAFKA_UNREACHABLE';
  readonly retriable = true;
  constructor() {
    super('no broker answers', { safe: '', next: 'look' });
  }
}

export interface TopicScene {
  /** By partition: where the source's log ends, and what is copied of it; undefined: no HEAD. */
  readonly partitions: readonly {
    readonly end: number;
    readonly copied: number | undefined;
    readonly there?: number;
    /** Where copying begins, of one that is not copied from its first record. */
    readonly begin?: number;
    /** Last stable offset, where a transaction is open. */
    readonly stable?: number;
    /** Offsets without a committed record: of markers, of what was aborted. */
    readonly holes?: readonly number[];
    /** Why its records cannot be read. */
    readonly unread?: string;
  }[];
  readonly state?: TopicState;
}

export interface Scene {
  readonly topics?: Readonly<Record<string, TopicScene>>;
  /** Committed on the source, by group, of partition 0 of a topic. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How many seconds old the record at an offset is. */
  readonly age?: (offset: number) => number;
  /** Where the source's logs begin; default 0. */
  readonly logStart?: number;
  readonly sourceNames?: readonly string[];
  readonly lost?: readonly ('source' | 'target' | 'table')[];
  readonly removed?: boolean;
  /** Newest heartbeat, seconds old. */
  readonly heartbeat?: number;
  /** Newest checkpoint, seconds old; default 1, `none`: none was ever written. */
  readonly checkpoint?: number | 'none';
  readonly writesCheckpoints?: boolean;
  readonly copiesHeartbeats?: boolean;
  /** What the target answers instead of telling the logs of heartbeats and checkpoints. */
  readonly refused?: string;
  /** What the checkpoints topic says of groups; default: what they have committed. */
  readonly checkpointed?: readonly CheckpointedGroup[];
  /** As it is when it is read again after a second. */
  readonly checkpointedLater?: readonly CheckpointedGroup[];
  /** Whether offsets are committed on the target; default true. */
  readonly commitsOffsets?: boolean;
  /** Committed on the target, by group, of partition 0 of a topic of the source; default: each at its place. */
  readonly onTarget?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** As it is after a second. */
  readonly onTargetLater?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Groups that have members on the target. */
  readonly active?: readonly string[];
  readonly deployed?: Deployed;
  /** Topics of the map that the source has not got. */
  readonly gone?: readonly string[];
  readonly listMs?: number;
  readonly heartbeatMs?: number;
  /** Partitions that are placed badly. */
  readonly remarks?: { readonly source?: readonly string[]; readonly target?: readonly string[] };
  readonly atRisk?: { readonly source?: readonly PartitionAtRisk[]; readonly target?: readonly PartitionAtRisk[] };
}

/** A topic, by partition: where the source's log ends, and what is copied of it. */
export function orders(
  ...partitions: readonly (readonly [end: number, copied: number | undefined, there?: number])[]
): TopicScene {
  return {
    partitions: partitions.map(([end, copied, there]) => ({ end, copied, ...(there !== undefined && { there }) })),
  };
}

/** Each source record that is copied stands at its own offset on the target, too. */
export async function statusOf(scene: Scene, patience: Patience = {}): Promise<Reading> {
  const ports = portsOf(scene);
  const facts = await readFlow(ports, patience);
  return readHere(assess(facts, { records: 100, seconds: 60 }, ports.now()), facts.readAt, ports.now());
}

/** A group in the checkpoints topic, of partition 0 of a topic of the source. */
export function checkpointed(group: string, topic: string, offset: number, at = NOW): CheckpointedGroup {
  const offsets = { upstreamOffset: sourceOffset(offset), downstreamOffset: targetOffset(offset) };
  return { group, at, checkpoints: [{ group, topic: `us-east.${topic}`, partition: 0, metadata: '', ...offsets }] };
}

/** Seconds, of the newest record of one of the mirror's own topics. */
function ageOf({ heartbeat, checkpoint = 1 }: Scene, topic: string): number | undefined {
  if (topic === 'us-east.heartbeats') return heartbeat;
  return checkpoint === 'none' ? undefined : checkpoint;
}

export function portsOf({ topics = {}, groups = {}, age = () => 1, lost = [], ...scene }: Scene): StatusPorts {
  const or = async <T>(part: 'source' | 'target' | 'table', value: T): Promise<T> => {
    if (!lost.includes(part)) return value;
    if (part === 'table') throw Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
    throw new Lost();
  };
  const items = Object.entries(topics).map(
    ([topic, { partitions, state = TopicState.Active }]): TopicItem =>
      decodeTopicItem({
        ...{
          version: 1,
          topic,
          remoteTopic: `us-east.${topic}`,
          generation: 1,
          sourceTopicId: 's',
          targetTopicId: 't',
        },
        ...{ partitions: partitions.length, state, consumerGroup: `causeway.${topic}` },
        ...(partitions.some(({ begin }) => begin !== undefined) && {
          begins: partitions.map(({ begin = 0 }) => begin),
        }),
      }),
  );
  const headOf = (topic: string, partition: number): HeadFacts | undefined => {
    const copied = topics[topic]?.partitions[partition]?.copied;
    if (copied === undefined) return undefined;
    const ids = { sourceTopicId: 's', targetTopicId: 't', lineage: '', replaying: false };
    const openRun = copied === 0 ? undefined : { source: sourceOffset(0), target: targetOffset(0), length: copied };
    return { ...ids, nextSource: sourceOffset(copied), nextTarget: targetOffset(copied), openRun };
  };
  let now = NOW;
  /** Where groups are that follow the source, as far as that is copied. */
  const places = Object.fromEntries(
    Object.entries(groups).map(([group, offsets]) => [
      group,
      Object.fromEntries(
        Object.entries(offsets).flatMap(([topic, offset]) => {
          const copied = topics[topic]?.partitions[0]?.copied;
          return copied === undefined ? [] : [[topic, Math.min(offset, copied)] as const];
        }),
      ),
    ]),
  );
  const there = () => (now > NOW ? scene.onTargetLater : undefined) ?? scene.onTarget ?? places;
  const written = () =>
    (now > NOW ? scene.checkpointedLater : undefined) ??
    scene.checkpointed ??
    Object.entries(groups).map(([group, offsets]): CheckpointedGroup => {
      const checkpoints = Object.entries(offsets).flatMap(([topic, offset]) => {
        const [one] = checkpointed(group, topic, offset).checkpoints;
        return one === undefined ? [] : [{ ...one, downstreamOffset: targetOffset(places[group]?.[topic] ?? offset) }];
      });
      return { group, at: NOW, checkpoints };
    });
  const cluster = <O extends number>(side: 's' | 't', toOffset: (value: number) => O): StatusCluster<O> => ({
    list: async () => {
      const listed = Object.keys(side === 's' ? groups : there());
      const stateOf = (id: string) => (side === 's' || scene.active?.includes(id) ? 'Stable' : 'Empty');
      return {
        groups: new Map(listed.map((id) => [id, { id, type: 'classic', state: stateOf(id) }])),
        silentBrokers: [],
      };
    },
    committed: async (ids) =>
      new Map(
        ids.map((id) => {
          const offsets =
            side === 's'
              ? Object.entries(groups[id] ?? {})
              : Object.entries(there()[id] ?? {}).map(([topic, at]) => [`us-east.${topic}`, at] as const);
          const of = (offset: number) => new Map([[0, { offset: toOffset(offset), leaderEpoch: -1, metadata: '' }]]);
          return [id, new Map(offsets.map(([topic, offset]) => [topic, of(offset)]))];
        }),
      ),
    logs: async (places) => {
      const logs = new Map<string, Map<number, PartitionLog<O> | { code: string }>>();
      for (const { topic, partition } of places) {
        const found = topics[topic.replace('us-east.', '')]?.partitions[partition];
        const end =
          side === 's' ? (scene.gone?.includes(topic) ? undefined : found?.end) : (found?.there ?? found?.copied);
        const own = topic === 'us-east.heartbeats' || topic === 'us-east.checkpoints.internal';
        const logEnd = end ?? (own && ageOf(scene, topic) !== undefined ? 10 : undefined);
        const log = {
          logStart: toOffset(side === 's' ? (scene.logStart ?? 0) : 0),
          logEnd: toOffset(logEnd ?? 0),
          topicId: side,
        };
        const of = logs.get(topic) ?? new Map();
        logs.set(
          topic,
          of.set(
            partition,
            own && scene.refused !== undefined
              ? { code: scene.refused }
              : logEnd === undefined
                ? { code: 'UNKNOWN_TOPIC_OR_PARTITION' }
                : log,
          ),
        );
      }
      return logs;
    },
  });
  return {
    flow: { source: 'us-east', target: 'us-west' },
    rules: { include: compileNameList({ patterns: ['.*'] }), exclude: compileNameList({ patterns: [] }) },
    covers: (topic) => topic.startsWith('orders'),
    heartbeatsTopic: 'us-east.heartbeats',
    checkpointsTopic: 'us-east.checkpoints.internal',
    topicItems: () => {
      const state = scene.removed ? FlowState.Removed : FlowState.Deployed;
      return or('table', { flow: { state, deployment: '' }, topics: items });
    },
    heads: (partitions) => or('table', new Map(partitions.map((each) => [each, headOf(each.topic, each.partition)]))),
    maps: {
      read: async (requests) =>
        new MapView(
          requests.map(({ partition }) => {
            const head = headOf(partition.topic, partition.partition);
            return [partition, head ? new PartitionMap(head, []) : 'unmapped'];
          }),
          { batchGetItem: 0, query: 0 },
        ),
    },
    source: () => or('source', cluster('s', sourceOffset)),
    target: () => or('target', cluster('t', targetOffset)),
    sourceTopics: async () => ({
      names: scene.sourceNames ?? Object.keys(topics),
      placement: { atRisk: scene.atRisk?.source ?? [], remarks: scene.remarks?.source ?? [] },
    }),
    committedEnds: async (places) => {
      const endOf = (topic: string, partition: number) => {
        const found = topics[topic]?.partitions[partition];
        return found?.stable ?? found?.end ?? { code: 'UNKNOWN_TOPIC_OR_PARTITION' };
      };
      const byTopic = Map.groupBy(places, ({ topic }) => topic);
      return new Map(
        [...byTopic].map(([topic, of]) => [
          topic,
          new Map(of.map(({ partition }) => [partition, endOf(topic, partition)])),
        ]),
      );
    },
    firstRecords: async (searches, which) =>
      new Map(
        searches.map((search): [typeof search, Found] => {
          const { holes = [], unread } = topics[search.topic]?.partitions[search.partition] ?? {};
          const offsets = Array.from({ length: search.end - search.offset }, (_, i) => search.offset + i);
          const offset = offsets.find((each) => which === 'all' || !holes.includes(each));
          if (unread !== undefined) return [search, { code: unread }];
          const timestamp = NOW - age(offset ?? 0) * 1_000;
          return [search, offset === undefined ? 'none' : { offset, timestamp, transactional: which === 'all' }];
        }),
      ),
    recordTime: async ({ topic }) => NOW - (ageOf(scene, topic) ?? 0) * 1_000,
    writesCheckpoints: scene.writesCheckpoints ?? true,
    copiesHeartbeats: scene.copiesHeartbeats ?? true,
    commitsOffsets: scene.commitsOffsets ?? true,
    intervals: { tickMs: 5_000, listMs: scene.listMs ?? 60_000 },
    heartbeatMs: scene.heartbeatMs ?? 1_000,
    lastCheckpoints: () => or('target', written()),
    deployed: async () => scene.deployed ?? { state: 'as-the-file' },
    keepsCopies: true,
    nextOf: nextHere,
    placementOnTarget: async () => ({ atRisk: scene.atRisk?.target ?? [], remarks: scene.remarks?.target ?? [] }),
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
  };
}
