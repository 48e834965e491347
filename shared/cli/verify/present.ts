import { counted } from '../../counted.ts';
import { describeDifference } from '../../verify/describe-difference.ts';
import type { Tally } from '../../verify/difference.ts';
import type { FlowReport, SealedReport } from '../../verify/flow-report.ts';
import type { PartitionReport } from '../../verify/partition.ts';
import type { VerifyProgress } from '../../verify/verify-flow.ts';
import { type Field, fields, type Page } from '../terminal/page.ts';

/** Partitions that are shown one by one. */
const MOST_PARTITIONS = 20;
const BAR = 30;

const VERDICTS = {
  complete: 'complete: what the target holds is what the source holds',
  different: 'different',
  unproven: 'unproven: not everything could be compared',
} as const;

/** What is told besides the records that are the same, where there are any. */
const BESIDES: readonly (readonly [keyof Tally, string])[] = [
  ['leftOut', 'left out by the flow: they came from the target'],
  ['inLedger', 'in the gap ledger (causeway gaps)'],
  ['goneAtSource', 'deleted at the source since they were copied'],
  ['goneAtTarget', 'deleted at the target since they were copied'],
  ['compactedAtTarget', 'compacted in the target'],
  ['foreign', 'of the target’s own producers'],
  ['orphaned', 'copied before the source’s log was cut back'],
];

export function present(page: Page, { report, sha256, signature }: SealedReport): string {
  const { bold, good, bad, warning, dim } = page.style;
  const { records, partitions, verdict, reason } = report;
  const colour = { complete: good, different: bad, unproven: warning }[verdict];
  const topics = new Set(partitions.map(({ topic }) => topic)).size;
  const besides = BESIDES.filter(([name]) => records[name] > 0).map(([name, is]) => `${number(records[name])} ${is}`);
  const head: Field = {
    label: bold(report.flow),
    lines: [
      colour(reason === undefined ? VERDICTS[verdict] : `${verdict}: ${reason}`),
      `${number(records.same)} records (${number(records.bytes)} bytes) are the same, to the byte and in order, in ${counted(partitions.length, 'partition')} of ${counted(topics, 'topic')}`,
      ...besides,
      ...(waitingIn(report) > 0
        ? [`${number(waitingIn(report))} offsets are not replicated yet, and not compared`]
        : []),
      dim(
        signature
          ? `signed with a key of type ${signature.algorithm}; SHA-256 ${sha256}`
          : `not signed; SHA-256 ${sha256}`,
      ),
    ],
  };
  const open = partitions.filter((each) => each.verdict !== 'complete');
  const rows = open.slice(0, MOST_PARTITIONS).map((each) => rowOf(page, each));
  const rest = open.length - rows.length;
  const more =
    rest > 0 ? [{ label: dim('and'), lines: [dim(`${counted(rest, 'partition')} more: --json shows them`)] }] : [];
  const table = rows.length === 0 ? [] : [fields(page, [...rows, ...more])];
  return [fields(page, [head], 0), ...table].join('\n\n');
}

/** One line that says how far it is. */
export function describeProgress(
  { style }: Page,
  flow: string,
  { done, all, partitions, begunPartitions }: VerifyProgress,
  perSecond: number,
): string {
  const share = all === 0 ? 1 : done / all;
  const full = Math.round(share * BAR);
  const bar = `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`;
  const rate = perSecond > 0 ? `, ${number(Math.round(perSecond))}/s` : '';
  const begun = begunPartitions < partitions ? `, ${begunPartitions} of ${partitions} partitions begun` : '';
  return `${style.bold(flow)} [${bar}] ${Math.floor(share * 100)} %, ${number(done)} of ${number(all)} offsets${rate}${begun}`;
}

function rowOf({ style }: Page, partition: PartitionReport): Field {
  const { topic, verdict, reason, differences, records } = partition;
  const all = records.changed + records.missing + records.extra + records.reordered;
  const map = records.misplaced > 0 ? [`the offset map is wrong about ${counted(records.misplaced, 'record')}`] : [];
  const colour = verdict === 'different' ? style.bad : style.warning;
  return {
    label: `${topic}-${partition.partition}`,
    lines: [
      colour(verdict === 'different' ? `${counted(all, 'record')} not the same` : verdict),
      ...(reason ? [reason] : []),
      ...map,
      ...differences.map(describeDifference),
    ],
  };
}

function waitingIn({ partitions }: FlowReport): number {
  return partitions.reduce((sum, { bounds }) => sum + (bounds?.waiting ?? 0), 0);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
