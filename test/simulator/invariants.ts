import type { AppendSettings, TakeOverCause } from '../../shared/append/context.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import type { LedgerEntry } from '../../shared/ledger/entry.ts';
import type { Head, Producer } from '../../shared/offsets/head.ts';
import { isProducerOlderThan } from '../../shared/offsets/renewal.ts';
import { toSource, toTarget } from '../../shared/offsets/translate.ts';
import type { OffsetMapTable } from './offset-map.ts';
import type { SourcePartition } from './source-partition.ts';
import type { TargetPartition } from './target-partition.ts';
import { Violation } from './violation.ts';

/** Every letter that is checked; K, that redelivery ends, is checked where schedules end (schedule.ts). */
export const LETTERS = 'ABCDEFGHIJKL';

/** What a rule looks at. */
export interface World {
  readonly source: SourcePartition;
  readonly target: TargetPartition;
  readonly table: OffsetMapTable;
  readonly now: number;
  readonly settings: AppendSettings;
}

/** B. Every write of HEAD follows the version that it was decided by. */
export function invariantB(before: Head | undefined, after: Head): void {
  if (after.version !== (before?.version ?? 0) + 1) {
    throw new Violation('B', `version ${after.version} was written over ${before?.version ?? 0}`);
  }
}

/** C. `nextTarget` is not past the high watermark, and the runs are the log below it. */
export function invariantC({ source, target, table }: World, ids: ReadonlyMap<number, number>): void {
  const { head } = table;
  if (!head || isTargetCutUnnoticed({ target, table })) return;
  if (head.nextTarget > target.highWatermark) {
    throw new Violation('C', `HEAD says ${head.nextTarget}, the high watermark is ${target.highWatermark}`);
  }
  const mapped = new Map<number, number>();
  let last = -1;
  for (const run of table.allRuns) {
    for (let i = 0; i < run.length; i++) {
      const found = ids.get(target.records[run.target + i] ?? -1);
      if (found !== run.source + i || run.target + i >= head.nextTarget || run.target + i <= last) {
        throw new Violation('C', `the map says ${run.source + i} is at ${run.target + i}, where ${found} is`);
      }
      last = run.target + i;
      mapped.set(last, run.source + i);
    }
  }
  for (let at = 0; at < head.nextTarget; at++) {
    const id = target.records[at] ?? -1;
    const offset = ids.get(id);
    // What was cut out of the source stays in the target, and leaves the map.
    if (offset === undefined || source.entries[offset]?.id !== id) continue;
    if (mapped.get(at) !== offset) throw new Violation('C', `the map misses ${offset} at ${at}`);
  }
}

/** Acknowledged records are gone, and HEAD knows of no leader since: what it says is checked again when it does. */
export function isTargetCutUnnoticed({ target, table }: Pick<World, 'target' | 'table'>): boolean {
  return target.cutEpoch >= 0 && (table.head?.targetLeaderEpoch ?? -1) < target.cutEpoch;
}

/** C, seen from outside: every offset of either side translates to the record that its own content says. */
export function everyOffsetTranslates({ source, target, table }: World, ids: ReadonlyMap<number, number>): void {
  const { head } = table;
  if (!head) return;
  const runs = table.allRuns;
  const copied: { readonly source: number; readonly target: number }[] = [];
  for (const [at, id] of target.records.entries()) {
    const offset = ids.get(id);
    if (offset === undefined || at >= head.nextTarget || source.entries[offset]?.id !== id) continue;
    copied.push({ source: offset, target: at });
  }
  for (let asked = 0; asked <= head.nextSource; asked++) {
    const expected = copied.find((each) => each.source >= asked)?.target ?? head.nextTarget;
    const { offset } = toTarget(runs, head, sourceOffset(asked));
    if (offset !== expected) throw new Violation('C', `source ${asked} translates to ${offset}, not ${expected}`);
  }
  for (let asked = 0; asked <= head.nextTarget; asked++) {
    const expected = copied.find((each) => each.target >= asked)?.source ?? head.nextSource;
    const { offset } = toSource(runs, head, targetOffset(asked));
    if (offset !== expected) throw new Violation('C', `target ${asked} translates to ${offset}, not ${expected}`);
  }
}

/** D. `nextSource` passes an offset only if its record is in the target, absent or filtered, or in the ledger. */
export function invariantD({ source, target, table }: World, from: number, to: number): void {
  if (table.head?.sourceTopicId !== source.topicId || isTargetCutUnnoticed({ target, table })) return;
  // Where the log was cut and nobody has noticed yet, other records stand than those that were passed.
  const unnoticed = source.endOfLeaderEpoch(table.head.sourceLeaderEpoch);
  for (let offset = from; offset < Math.min(to, unnoticed); offset++) {
    if (!source.isWanted(offset)) continue;
    if (table.ledger.some((entry) => excuses(entry) && entry.from <= offset && offset < entry.to)) continue;
    const id = source.entries[offset]?.id ?? -1;
    const at = target.records.indexOf(id);
    if (at < 0 || at >= target.highWatermark) throw new Violation('D', `offset ${offset} was passed over`);
  }
}

/** D. What is committed follows `nextSource`, or was passed before `nextSource` was set back: HEAD knows that it may be. */
export function invariantDCommitted(world: World, from: number, offset: number): void {
  const { source, table } = world;
  const { head } = table;
  if (head?.sourceTopicId !== source.topicId || isTargetCutUnnoticed(world)) return;
  invariantD(world, from, Math.min(offset, head.nextSource));
  if (offset <= Math.max(head.nextSource, head.replay?.until ?? 0)) return;
  if (source.endOfLeaderEpoch(head.sourceLeaderEpoch) < offset) return;
  throw new Violation('D', `${offset} was committed, HEAD is at ${head.nextSource}`);
}

/** What was cut off is in the ledger too, but other records stand there now, which have to be copied. */
function excuses({ kind }: LedgerEntry): boolean {
  return kind === 'retention-gap' || kind === 'quarantine';
}

/** E. A HEAD of one epoch is settled under another only once a marker of that one is below its `nextTarget`. */
export function invariantE({ target }: World, before: Head | undefined, after: Head): void {
  if (!before || before.producer.producerId !== after.producer.producerId) return;
  if (before.producer.epoch === after.producer.epoch) return;
  const marker = target.batches.findLast(
    ({ control, producer, base }) =>
      control &&
      producer.producerId === after.producer.producerId &&
      producer.epoch >= after.producer.epoch &&
      base < after.nextTarget,
  );
  if (!marker) throw new Violation('E', `epoch ${after.producer.epoch} began without a marker in the log`);
}

/** E, from outside: once a fence is told to stand, the broker refuses what was sent under the producer of before. */
export function invariantEFenced({ target, table }: World, before: Producer | undefined): void {
  if (before?.producerId !== table.head?.producer.producerId || isTargetCutUnnoticed({ target, table })) return;
  const epoch = before && target.describe(before.producerId)?.epoch;
  if (epoch === before?.epoch) throw new Violation('E', `batches of epoch ${epoch} are taken after a fence`);
}

/** F. A producer id is no longer fresh only when the log below the high watermark knows it. */
export function invariantF({ target }: World, head: Head, isBorn: boolean): void {
  if (head.fresh || isBorn) return;
  const seen = target.batches.some(
    ({ producer, base }) => producer.producerId === head.producer.producerId && base < target.highWatermark,
  );
  if (!seen) throw new Violation('F', 'a producer that the log does not know is called not fresh');
}

/** G. What the target holds of the source is in order, and nothing twice. */
export function invariantG({ target }: World): void {
  let last = -1;
  for (const id of target.records) {
    if (id < 0) continue;
    if (id <= last) throw new Violation('G', id === last ? `record ${id} twice` : `record ${id} after ${last}`);
    last = id;
  }
}

/** H. No take-over without its cause. */
export function invariantH(world: World, cause: TakeOverCause, disturbed: ReadonlySet<string>): void {
  const { head } = world.table;
  if (!head) throw new Violation('H', 'a take-over without HEAD');
  const { source } = world;
  const is = {
    hole: () => source.entries.some(({ offset }) => !source.isWanted(offset)) || disturbed.has('stale'),
    'intent-not-held': () => head.grant.kind === 'intent' || disturbed.has('two'),
    'higher-epoch': () => disturbed.has('fence'),
    'broker-behind': () => disturbed.has('expiry') || disturbed.has('loseEnd'),
    'record-set-aside': () => source.entries.some(({ sizeBytes }) => sizeBytes > 1),
    'source-cut-back': () => disturbed.has('cutBack'),
    'source-leader-changed': () => source.leaderEpoch > head.sourceLeaderEpoch,
    'target-cut-back': () => disturbed.has('loseEnd'),
    renewal: () => isProducerOlderThan(head, world.settings.producerRenewalMs, world.now) || disturbed.has('fenced'),
    hold: () => disturbed.has('held'),
    'found-pending': () => disturbed.has('fence'),
  } satisfies Record<TakeOverCause, () => boolean>;
  if (!is[cause]()) throw new Violation('H', `a take-over for no reason: ${cause}`);
}

/** I. An old record is sent by who holds the lease, and while nothing else is under way. */
export function invariantI({ table }: World, sender: string, othersUnderWay: number): void {
  const holder = table.head?.lease?.holder;
  if (holder !== sender)
    throw new Violation('I', `${sender} sends an old record, the lease is ${holder ?? 'not taken'}`);
  if (othersUnderWay > 0)
    throw new Violation('I', `an old record is sent while ${othersUnderWay} requests are under way`);
}

/** What somebody is alarmed by: in no schedule is there a reason for these. */
const ALARMS: ReadonlySet<string> = new Set([
  'LOG_CONTRADICTS_MAP',
  'TARGET_DIVERGED',
  'TARGET_NOT_EMPTY',
  'UNEXPECTED_FAILURE',
]);

/** J. Nobody is woken up without a reason: these errors do not come from any order of events. */
export function invariantJ(
  { target }: World,
  error: { readonly code: string; readonly message: string } | undefined,
): void {
  if (error?.code === 'TARGET_DIVERGED' && target.lostMarker) return;
  if (error && ALARMS.has(error.code)) throw new Violation('J', error.message);
}
