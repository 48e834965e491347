import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Side } from '../../../shared/flow/side.ts';
import type { LedgerEntry } from '../../../shared/ledger/entry.ts';
import { type TopicItem, TopicState } from '../../../shared/ledger/topic-registry.ts';
import type { Head, Run } from '../../../shared/offsets/head.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { codecs } from '../../../shared/records/codec.ts';
import { type StoredBatch, storedBatches } from '../../../shared/records/decode.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import type { TimeRange } from '../../../shared/verify/bounds.ts';
import type { FlowReport } from '../../../shared/verify/flow-report.ts';
import type { PartitionState, Underway } from '../../../shared/verify/partition.ts';
import type { VerifyPorts } from '../../../shared/verify/ports.ts';
import { verifyFlow } from '../../../shared/verify/verify-flow.ts';
import { headWith } from '../offsets/head-with.ts';

export const FLOW = { source: 'us-east', target: 'us-west' };
export const BEGUN = Date.UTC(2026, 0, 1, 12);
const PRODUCER = { producerId: 1n, epoch: 0 };
const MOST_IN_A_BATCH = 100;

/** One record a second. */
export function record(offset: number, more: Partial<KafkaRecord> = {}): KafkaRecord {
  const value = Buffer.from(`value ${offset}`).toString('base64');
  return { topic: 'orders', partition: 0, offset, timestamp: BEGUN + offset * 1_000, key: null, value, ...more };
}

export function recordsUpTo(count: number): KafkaRecord[] {
  return Array.from({ length: count }, (_, offset) => record(offset));
}

/** The records as they stand one after the other in the target. */
export function copied(records: readonly KafkaRecord[], from = 0): KafkaRecord[] {
  return records.map((each, i) => ({ ...each, offset: from + i }));
}

export function run(source: number, target: number, length: number): Run {
  return { source: sourceOffset(source), target: targetOffset(target), length };
}

export interface Scene {
  readonly source: readonly KafkaRecord[];
  readonly target: readonly KafkaRecord[];
  readonly runs: readonly Run[];
  readonly ledger?: readonly LedgerEntry[];
  readonly logStart?: { readonly source?: number; readonly target?: number };
  readonly compacted?: readonly Side[];
  /** The topic's name is kept. */
  readonly identity?: boolean;
  readonly startsAtBeginning?: boolean;
  /** First offset that was noted as to be copied. */
  readonly begin?: number;
  /** Where HEAD is; default behind the last run. */
  readonly nextSource?: number;
  readonly nextTarget?: number;
  readonly head?: (asked: number) => Partial<Head> | undefined;
  readonly codec?: 'none' | 'zstd';
  /** Records of a batch, at most. */
  readonly inABatch?: number;
}

export const item: TopicItem = {
  version: 1,
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  generation: 1,
  partitions: 1,
  state: TopicState.Active,
  sourceTopicId: 's',
  targetTopicId: 't',
  consumerGroup: 'causeway',
  mappingUuid: undefined,
  drainedAfter: undefined,
};

export function portsOf(scene: Scene): VerifyPorts {
  const { runs, ledger = [], logStart = {}, compacted = [], identity = false, startsAtBeginning = true } = scene;
  const last = runs.at(-1);
  const nextSource = scene.nextSource ?? (last ? last.source + last.length : 0);
  const nextTarget = scene.nextTarget ?? (last ? last.target + last.length : 0);
  const start = (side: Side) => logStart[side] ?? 0;
  const end = (side: Side) => Math.max(start(side), (scene[side].at(-1)?.offset ?? -1) + 1);
  let asked = 0;
  return {
    flow: FLOW,
    rules: { stamp: identity ? FLOW.source : undefined, leavesOut: identity ? FLOW.target : undefined },
    startsAtBeginning,
    topics: async () => [{ ...item, ...(scene.begin !== undefined && { begins: [scene.begin] }) }],
    coveredTopics: async () => [{ topic: item.topic, remoteTopic: item.remoteTopic, partitions: item.partitions }],
    ledger: async () => ledger,
    head: async () => {
      const more = scene.head?.(asked++);
      const openRun = last;
      const ends = { nextSource: sourceOffset(nextSource), nextTarget: targetOffset(nextTarget) };
      return headWith({ ...ends, openRun, ...more });
    },
    closedRuns: async function* (_: FlowPartition) {
      yield* runs.slice(0, -1);
    },
    logBounds: async (side) => ({ start: start(side), end: end(side) }),
    offsetAt: async (side, _, timeMs) => scene[side].find(({ timestamp }) => timestamp >= timeMs)?.offset ?? end(side),
    read: async function* (side, _, from) {
      const kept = scene[side].filter(({ offset }) => offset >= start(side));
      for (const batch of batchesOf(kept, scene.codec ?? 'none', scene.inABatch ?? MOST_IN_A_BATCH))
        if (batch.header.lastOffset >= from) yield { logStart: start(side), batches: [batch] };
    },
    compacted: async (side) => new Set(compacted.includes(side) ? [item.topic, item.remoteTopic] : []),
    now: () => BEGUN,
  };
}

/** With bytes as a broker has them; a hole ends a batch. */
function* batchesOf(records: readonly KafkaRecord[], codec: 'none' | 'zstd', most: number): Generator<StoredBatch> {
  let some: KafkaRecord[] = [];
  for (const each of records) {
    const last = some.at(-1);
    if (last && (some.length === most || last.offset + 1 !== each.offset)) {
      yield* batchOf(some, codec);
      some = [];
    }
    some.push(each);
  }
  if (some.length > 0) yield* batchOf(some, codec);
}

function batchOf(records: readonly KafkaRecord[], codec: 'none' | 'zstd'): Generator<StoredBatch> {
  const bytes = Buffer.from(new BatchEncoder({ codec: codecs[codec] }).encode(records, PRODUCER, 0));
  bytes.writeBigInt64BE(BigInt(records[0]?.offset ?? 0), 0);
  return storedBatches(bytes);
}

/** As a flow that keeps names copies them. */
export function stamped(records: readonly KafkaRecord[]): KafkaRecord[] {
  return records.map((each) =>
    each.headers?.some((header) => header['origin-dc'])
      ? each
      : { ...each, headers: [...(each.headers ?? []), { 'origin-dc': [...Buffer.from(FLOW.source)] }] },
  );
}

export interface Settings {
  readonly topic?: string;
  readonly times?: TimeRange;
  readonly mostApart?: number;
  readonly states?: ReadonlyMap<string, PartitionState>;
  /** Called after each turn. */
  readonly onTurn?: (underway: ReadonlyMap<string, Underway>) => void;
  readonly signal?: AbortSignal;
  /** In place of the scene's. */
  readonly ports?: Partial<VerifyPorts>;
}

export async function verified(scene: Scene, settings: Settings = {}): Promise<FlowReport> {
  const underway = new Map<string, Underway>();
  return verifyFlow(
    { ...portsOf(scene), ...settings.ports },
    {
      topic: settings.topic,
      times: settings.times ?? { from: undefined, to: undefined },
      windowMinutes: 60,
      mostApart: settings.mostApart ?? 1_000,
      sideBySide: 2,
      states: settings.states ?? new Map(),
      underway,
      onProgress: () => settings.onTurn?.(underway),
      signal: settings.signal ?? new AbortController().signal,
    },
  );
}
