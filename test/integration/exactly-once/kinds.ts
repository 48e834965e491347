import { forgetProducer } from './events/producer-expiry.ts';
import { cutSourceBack } from './events/source-cut-back.ts';
import { compactSource, deleteSourceRecords, writeTransactions } from './events/source-log.ts';
import { cutTargetBack } from './events/target-cut-back.ts';
import { loseBrokers, moveLeaderMidBatch } from './events/target-leaders.ts';
import { recreateSource, recreateTarget } from './events/topics-anew.ts';
import type { FaultEffect, FaultPoint } from './faults.ts';
import type { FaultMenu, Kind, Move } from './kind.ts';

const ANY_MOVE: readonly Move[] = ['next', 'same-again', 'other-boundaries', 'at-once', 'stale-environment'];
const DATA: readonly FaultPoint[] = ['append', 'write'];
const ALL_POINTS: readonly FaultPoint[] = ['append', 'write', 'init', 'marker'];
const ALL_EFFECTS: readonly FaultEffect[] = ['crash-before', 'crash-after', 'lost-request', 'lost-answer', 'late'];
const NONE: FaultMenu = { probability: 0, points: DATA, effects: ALL_EFFECTS };
const ANY: FaultMenu = { probability: 0.4, points: DATA, effects: ALL_EFFECTS };
/** Where take-overs happen they are hit as well. */
const ANYWHERE: FaultMenu = { probability: 0.4, points: ALL_POINTS, effects: ALL_EFFECTS };

function only(points: readonly FaultPoint[], ...effects: FaultEffect[]): FaultMenu {
  return { probability: 0.6, points, effects };
}

/** A topic whose closed segments are compacted as soon as the cleaner looks. */
const compacted = { 'cleanup.policy': 'compact', 'segment.ms': '500', 'min.cleanable.dirty.ratio': '0.001' };

/** What a take-over that did not end, or one beside another, leads to. */
const FOLLOW_UPS = ['found-pending', 'higher-epoch'] as const;

/** Seeds take the kinds in turn. */
export const kinds: readonly Kind[] = [
  { name: 'steady state', moves: ['next'], faults: NONE, causes: [], smallChunks: 0, steady: true },
  { name: 'same batch twice', moves: ['same-again'], faults: NONE, causes: [] },
  { name: 'twice at once', moves: ['at-once'], faults: NONE, causes: [] },
  { name: 'other boundaries', moves: ['other-boundaries'], faults: NONE, causes: [] },
  { name: 'stale environment', moves: ['stale-environment'], faults: NONE, causes: [] },
  { name: 'crash before append', moves: ANY_MOVE, faults: only(['append'], 'crash-before'), causes: [] },
  { name: 'crash after append', moves: ANY_MOVE, faults: only(['append'], 'crash-after'), causes: [] },
  { name: 'crash before map write', moves: ANY_MOVE, faults: only(['write'], 'crash-before'), causes: [] },
  { name: 'crash after map write', moves: ANY_MOVE, faults: only(['write'], 'crash-after'), causes: [] },
  {
    name: 'answers lost or late',
    moves: ANY_MOVE,
    faults: only(DATA, 'lost-request', 'lost-answer', 'late'),
    causes: [],
  },
  { name: 'leader change', moves: ANY_MOVE, faults: ANY, causes: [], smallChunks: 0.8, event: moveLeaderMidBatch },
  {
    name: 'broker lost',
    moves: ANY_MOVE,
    faults: ANY,
    causes: [],
    event: loseBrokers,
    together: 'broker-lost',
  },
  {
    name: 'source compacted',
    moves: ANY_MOVE,
    faults: ANYWHERE,
    causes: ['intent-not-held', ...FOLLOW_UPS],
    event: compactSource,
    append: { initialGrant: 'closed' },
    records: { keys: 5, dense: false },
    topicConfigs: compacted,
  },
  {
    name: 'compaction unforeseen',
    moves: ANY_MOVE,
    faults: ANYWHERE,
    causes: ['hole', 'intent-not-held', ...FOLLOW_UPS],
    event: compactSource,
    records: { keys: 5, dense: false },
    topicConfigs: compacted,
  },
  {
    name: 'source cut by retention',
    moves: ANY_MOVE,
    faults: ANYWHERE,
    causes: ['hole', ...FOLLOW_UPS],
    event: deleteSourceRecords,
  },
  {
    name: 'transactions, aborted too',
    moves: ANY_MOVE,
    faults: ANYWHERE,
    causes: ['hole', 'intent-not-held', ...FOLLOW_UPS],
    event: writeTransactions,
    records: { dense: false },
  },
  { name: 'source topic made anew', moves: ANY_MOVE, faults: ANY, causes: [], event: recreateSource, ownTopic: true },
  { name: 'target topic made anew', moves: ANY_MOVE, faults: ANY, causes: [], event: recreateTarget, ownTopic: true },
  {
    name: 'source log cut back',
    moves: ANY_MOVE,
    faults: ANYWHERE,
    causes: ['source-cut-back', 'source-leader-changed', ...FOLLOW_UPS],
    event: cutSourceBack,
    together: 'source-cut-back',
  },
  {
    name: 'target log cut back',
    moves: ANY_MOVE,
    faults: { ...ANY, probability: 0.3 },
    causes: ['target-cut-back', 'broker-behind', ...FOLLOW_UPS],
    event: cutTargetBack,
    together: 'target-cut-back',
  },
  {
    name: 'old records, expired producer',
    moves: ANY_MOVE,
    faults: { ...ANY, probability: 0.3 },
    causes: [],
    event: forgetProducer,
    records: { ageMs: 2 * 86_400_000 },
    timeoutMs: 2_500,
    append: { reserveMs: 300, latenessBoundMs: 2_500 },
    latestArrivalMs: 1_000,
  },
];

export function kindOf(seed: number): Kind {
  const [kind] = kinds.slice(seed % kinds.length);
  if (kind === undefined) throw new RangeError(`no kind of schedule for seed ${seed}`);
  return kind;
}
