import type { FlowPartition } from '../flow/flow.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import type { Head } from '../offsets/head.ts';
import { type Bounds, placeOn, runsOf } from './bounds.ts';
import { Comparison, type ComparisonOptions, type ComparisonPlace } from './comparison.ts';
import { Cursor } from './cursor.ts';
import type { Findings } from './difference.ts';
import { NotExpectedRecords } from './left-out.ts';
import { sizeOf } from './log-record.ts';
import { MapCursor } from './map-cursor.ts';
import type { VerifyPorts } from './ports.ts';
import { copies, expectedRecords } from './streams.ts';

/** What the offset map's table has of a partition. */
export interface Known {
  readonly head: Head;
  readonly ledger: readonly LedgerEntry[];
}

/** What of a partition is compared, and what was found of it before. */
export interface Span {
  readonly bounds: Bounds;
  /** Within the bounds. */
  readonly from: ComparisonPlace;
  readonly findings: Findings;
}

export type LogsOptions = Pick<ComparisonOptions, 'windows' | 'mostApart' | 'compacted' | 'orphans' | 'leavesFrom'>;

/** Has `work` compare what lies in the span. Reads nothing before the comparison is advanced. */
export async function compareLogs<T>(
  ports: VerifyPorts,
  partition: FlowPartition,
  { head, ledger }: Known,
  { bounds, from, findings }: Span,
  options: LogsOptions,
  work: (comparison: Comparison) => Promise<T>,
): Promise<T> {
  const { rules } = ports;
  const map = new MapCursor(runsOf(ports, partition, head, from));
  const notExpected = new NotExpectedRecords();
  const logStart = { source: bounds.source.from, target: 0 };
  const source = new Cursor(
    expectedRecords(ports.read('source', placeOn('source', partition), from.source), {
      range: { from: from.source, to: bounds.source.to },
      ...{ rules, ledger, notExpected },
      onLogStart: (start) => {
        logStart.source = Math.max(logStart.source, start);
      },
    }),
    sizeOf,
  );
  const target = new Cursor(
    copies(
      ports.read('target', placeOn('target', partition), from.target),
      { from: from.target, to: bounds.target.to },
      map,
      (start) => {
        logStart.target = Math.max(logStart.target, start);
      },
    ),
    ({ record }) => sizeOf(record),
  );
  const comparison = new Comparison(source, target, from, findings, {
    ...options,
    ...{ rules, map, notExpected },
    shared: rules.stamp !== undefined,
    logStart: (side) => logStart[side],
  });
  try {
    return await work(comparison);
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** Another one for a topic that was made anew, and after each cut of a log, which is in the ledger. */
export function lineageOf({ sourceTopicId, targetTopicId }: Head, ledger: readonly LedgerEntry[]): string {
  const cuts = ledger.filter(({ kind }) => kind === 'source-divergence' || kind === 'target-divergence');
  return [sourceTopicId, targetTopicId, cuts.length].join(' ');
}

/** Whether what was compared of a partition proves nothing, since a log was cut back, or a topic made anew, meanwhile. */
export async function wasCut(
  ports: VerifyPorts,
  partition: FlowPartition,
  { lineage, bounds }: { readonly lineage: string; readonly bounds: Bounds },
): Promise<boolean> {
  const [head, ledger] = await Promise.all([ports.head(partition), ports.ledger(partition)]);
  return head === undefined || lineageOf(head, ledger) !== lineage || head.nextSource < bounds.source.to;
}

/** Source offsets that were cut off after their records had been copied. */
export function orphansIn(ledger: readonly LedgerEntry[]): number {
  return ledger.reduce((sum, { kind, from, to }) => (kind === 'source-divergence' ? sum + to - from : sum), 0);
}
