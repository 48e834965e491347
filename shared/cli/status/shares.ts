/** Shares out rows: nobody gets more than is wanted, and what one leaves goes to those that want more. */
export function shares(wanted: readonly number[], rows: number): readonly number[] {
  const given = wanted.map(() => 0);
  const order = wanted.map((want, index) => ({ want, index })).toSorted((a, b) => a.want - b.want);
  let left = rows;
  for (const [served, { want, index }] of order.entries()) {
    const share = Math.min(want, Math.floor(left / (order.length - served)));
    given[index] = share;
    left -= share;
  }
  return given;
}
