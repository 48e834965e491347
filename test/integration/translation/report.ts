import type { SceneFigures } from './scene.ts';
import type { MoveVerdict } from './verdict.ts';

const number = (value: number) => value.toLocaleString('en');

export function describeScene(figures: SceneFigures): string {
  const { records, partitions, written, compacted, aborted, cutByRetention, runs, takeOvers } = figures;
  const causes = Object.entries(takeOvers).map(([cause, times]) => `${times} ${cause}`);
  return (
    `${number(records)} records in ${partitions} partitions: of ${number(written)} written, ${number(compacted)} compacted ` +
    `away and ${number(cutByRetention)} cut by retention; ${number(aborted)} of aborted transactions beside them.\n` +
    `The offset map has ${number(runs)} runs. Take-overs: ${causes.join(', ') || 'none'}.`
  );
}

export function tableOf(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [columns, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)))];
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => row[i]?.length ?? 0)));
  return texts.map((row) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ')).join('\n');
}

export function rowOf(way: string, verdict: MoveVerdict): (string | number)[] {
  const { share, partitions, right, consumed, left, skipped, readTwice } = verdict;
  return [way, `${share} %`, consumed, left, `${right} of ${partitions}`, skipped, readTwice];
}

export const MOVE_COLUMNS = ['', 'group', 'consumed', 'left', 'first record right', 'skipped', 'read twice'];
