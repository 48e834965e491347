/** A source offset and the target offset at which the identical record was found. */
export interface Pair {
  readonly source: number;
  readonly target: number;
}

/** What the offset map answers. `clamped`: at or past the end of what was copied. */
export interface MapUnderTest {
  forward(source: number): { readonly offset: number; readonly clamped: boolean };
  backward(target: number): { readonly offset: number; readonly clamped: boolean };
}

export interface MapCheck {
  readonly translated: number;
  /** A sentence for each offset that came out wrong. */
  readonly wrong: readonly string[];
}

/**
 * Translates every offset of both logs, holes and ends too. By definition an offset translates to that of the first
 * copied record at or after it; past the last one, to the offset after that record.
 *
 * @param pairs ascending on both sides
 */
export function checkMap(pairs: readonly Pair[], map: MapUnderTest): MapCheck {
  const wrong: string[] = [];
  const last = pairs.at(-1);
  let translated = 0;
  const look = (
    way: 'forward' | 'backward',
    from: (pair: Pair) => number,
    to: (pair: Pair) => number,
    end: number,
  ): void => {
    let next = 0;
    for (let offset = 0; offset <= end; offset++) {
      while (next < pairs.length && from(pairs[next] ?? { source: 0, target: 0 }) < offset) next++;
      const pair = pairs[next];
      const expected = pair ? to(pair) : last ? to(last) + 1 : undefined;
      if (expected === undefined) continue;
      const found = map[way](offset);
      translated++;
      if (found.offset !== expected || found.clamped !== (pair === undefined)) {
        wrong.push(`${way} ${offset}: ${found.offset}${found.clamped ? ' (clamped)' : ''} instead of ${expected}`);
      }
    }
  };
  if (last) {
    look(
      'forward',
      (pair) => pair.source,
      (pair) => pair.target,
      last.source + 2,
    );
    look(
      'backward',
      (pair) => pair.target,
      (pair) => pair.source,
      last.target + 2,
    );
  }
  return { translated, wrong };
}
