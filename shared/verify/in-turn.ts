/** Offsets of a partition that is compared alone; one below is soon over, and what it holds is bounded, too. */
const LARGE = 50_000;

/** Lets one large partition at a time be compared, by its offsets: memory is bounded for one, and no faster for two. */
export type InTurn = <T>(offsets: number, compare: () => Promise<T>) => Promise<T>;

export function oneLargeAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (offsets, compare) => {
    if (offsets < LARGE) return compare();
    const turn = last.then(compare);
    last = turn.catch(() => {});
    return turn;
  };
}
