import type { StageRecord } from '../../runbook/stage.ts';
import { type Page, wrapToWidth } from '../terminal/page.ts';

const NAME_WIDTH = 18;
const MARK_WIDTH = 9;
const TIME_WIDTH = 9;

/** One stage on a line, what it says beside it: `  drain             PASS       4.2 s  lag 0 in 12 partitions`. */
export function stageLine(page: Page, record: StageRecord, now: number): string {
  const { stage, says, startedAt, endedAt, error } = record;
  const seconds = `${(((endedAt ?? now) - startedAt) / 1_000).toFixed(1)} s`;
  const left = 2 + NAME_WIDTH + MARK_WIDTH + TIME_WIDTH + 2;
  const told = [says, ...(error === undefined ? [] : [error.safe, error.next])];
  const lines = told.flatMap((text) => wrapToWidth(text, Math.max(20, page.width - left)));
  const head = `  ${stage.padEnd(NAME_WIDTH)}${mark(page, record)}${seconds.padStart(TIME_WIDTH)}  ${lines[0] ?? ''}`;
  return [head, ...lines.slice(1).map((line) => ' '.repeat(left) + line)].join('\n');
}

function mark({ style }: Page, { outcome, verdict }: StageRecord): string {
  if (outcome === 'stopped') return style.bad('STOPPED'.padEnd(MARK_WIDTH));
  if (outcome === 'waiting') return style.dim('...'.padEnd(MARK_WIDTH));
  if (verdict === 'FAIL') return style.bad('FAIL'.padEnd(MARK_WIDTH));
  return verdict === 'WARN' ? style.warning('WARN'.padEnd(MARK_WIDTH)) : style.good('PASS'.padEnd(MARK_WIDTH));
}
