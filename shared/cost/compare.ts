import { estimate, type Question } from './estimate.ts';

/** TB a month, from where Causeway begins to be the cheaper one to where it ends; undefined: at the edge of what was looked at. */
export interface CheaperRange {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface Comparison {
  readonly peer: string;
  readonly usdPerMonth: number;
  /** Positive where the peer costs more. */
  readonly savedUsdPerMonth: number;
  readonly cheaper: readonly CheaperRange[];
}

/** Traffic that is looked at, TB a month. */
export const LOOKED_AT = { least: 0.01, most: 1_000 } as const;
const POINTS_PER_DECADE = 40;
const BISECTIONS = 40;

/** Where the lines cross: topics, partitions and groups stay as they are, and traffic alone is more or less. */
export function compare(question: Question): readonly Comparison[] {
  const { usdPerMonth, peers } = estimate(question);
  const at = (tbPerMonth: number) => estimate({ ...question, workload: { ...question.workload, tbPerMonth } });
  return peers.map((peer, index) => {
    const saved = (tbPerMonth: number) => {
      const found = at(tbPerMonth);
      return (found.peers[index]?.usdPerMonth ?? 0) - found.usdPerMonth;
    };
    return {
      peer: peer.name,
      usdPerMonth: peer.usdPerMonth,
      savedUsdPerMonth: peer.usdPerMonth - usdPerMonth,
      cheaper: rangesAbove(saved),
    };
  });
}

/** The stretches of traffic in which `saved` is above 0. */
export function rangesAbove(saved: (tbPerMonth: number) => number): readonly CheaperRange[] {
  const decades = Math.log10(LOOKED_AT.most / LOOKED_AT.least);
  const points = Array.from(
    { length: Math.round(decades * POINTS_PER_DECADE) + 1 },
    (_, i) => LOOKED_AT.least * 10 ** (i / POINTS_PER_DECADE),
  );
  const ranges: CheaperRange[] = [];
  let from: number | undefined;
  let within = false;
  let before: number = LOOKED_AT.least;
  for (const [i, point] of points.entries()) {
    const isAbove = saved(point) > 0;
    if (isAbove !== within) {
      const crossing = i === 0 ? undefined : crossingBetween(saved, before, point);
      if (isAbove) from = crossing;
      else ranges.push({ from, to: crossing });
      within = isAbove;
    }
    before = point;
  }
  return within ? [...ranges, { from, to: undefined }] : ranges;
}

function crossingBetween(saved: (tbPerMonth: number) => number, low: number, high: number): number {
  const lowIsAbove = saved(low) > 0;
  let [from, to] = [low, high];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (from + to) / 2;
    if (saved(middle) > 0 === lowIsAbove) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
