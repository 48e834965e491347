const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The last `width` values, from zero to the largest of them; only zero is at the bottom. */
export function sparkline(values: readonly number[], width: number): string {
  const last = values.slice(-width);
  const most = Math.max(0, ...last);
  return last
    .map((value) => LEVELS[most === 0 ? 0 : Math.ceil((Math.max(0, value) / most) * (LEVELS.length - 1))])
    .join('');
}
