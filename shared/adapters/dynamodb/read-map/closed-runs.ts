import type { FlowPartition } from '../../../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../../../flow/offset.ts';
import type { Run } from '../../../offsets/head.ts';
import type { RunItemQuery, RunItemSource, RunItems } from './run-items.ts';
import { holdsSource, holdsTarget, type RunWindow, withWindow } from './run-window.ts';

/** Groups that are not far behind are found in the newest items: one query. */
const FIRST_PAGE = 64;
/** Each further query of a partition brings so much more, up to the megabyte that DynamoDB gives at once. */
const GROWTH = 4;

export interface Sought {
  readonly toTarget: readonly SourceOffset[];
  readonly toSource: readonly TargetOffset[];
}

/** Finds the closed runs that offsets below the open one are translated by, in as few queries as that takes. */
export class ClosedRuns {
  readonly #items: RunItemSource;
  readonly #firstPage: number;

  /** @param firstPage items that the first query brings */
  constructor(items: RunItemSource, firstPage = FIRST_PAGE) {
    this.#items = items;
    this.#firstPage = firstPage;
  }

  /**
   * @param open the run that HEAD holds
   * @param known windows found before, under the same lineage
   * @returns windows that have an answer for every offset sought below `open`
   */
  async find(
    partition: FlowPartition,
    open: Run,
    known: readonly RunWindow[],
    sought: Sought,
    signal: AbortSignal | undefined,
  ): Promise<readonly RunWindow[]> {
    const sources = (windows: readonly RunWindow[]) =>
      sought.toTarget.filter((each) => each < open.source && !windows.some((window) => holdsSource(window, each)));
    const targets = (windows: readonly RunWindow[]) =>
      sought.toSource.filter((each) => each < open.target && !windows.some((window) => holdsTarget(window, each)));
    if (sources(known).length === 0 && targets(known).length === 0) return known;

    const query = { partition, from: 0, to: open.source, order: 'descending', limit: this.#firstPage } as const;
    const newest = await this.#items.read(query, signal);
    let windows = withWindow(known, downFrom(open, newest));
    windows = await this.#downTo(query, newest, open, windows, targets, signal);
    return this.#around(partition, open, windows, sources, signal);
  }

  /** Target offsets are no keys: from the newest item down, until all are found. */
  async #downTo(
    query: RunItemQuery,
    newest: RunItems,
    open: Run,
    known: RunWindow[],
    missing: (windows: readonly RunWindow[]) => readonly TargetOffset[],
    signal: AbortSignal | undefined,
  ): Promise<RunWindow[]> {
    let windows = known;
    let { items, ended } = newest;
    for (let limit = this.#firstPage * GROWTH; missing(windows).length > 0 && !ended; limit *= GROWTH) {
      const page = await this.#items.read({ ...query, to: items.at(-1)?.source ?? query.to, limit }, signal);
      items = [...items, ...page.items];
      ended = page.ended;
      windows = withWindow(windows, downFrom(open, { items, ended }));
    }
    return windows;
  }

  /** The item at or below the oldest offset that is missing, and some after it; then the next one that still is. */
  async #around(
    partition: FlowPartition,
    open: Run,
    known: RunWindow[],
    missing: (windows: readonly RunWindow[]) => readonly SourceOffset[],
    signal: AbortSignal | undefined,
  ): Promise<RunWindow[]> {
    let windows = known;
    for (let limit = this.#firstPage; ; limit *= GROWTH) {
      const oldest = Math.min(...missing(windows));
      if (!Number.isFinite(oldest)) return windows;
      const at = { partition, from: 0, to: oldest + 1, order: 'descending', limit: 1 } as const;
      const [start] = (await this.#items.read(at, signal)).items;
      const after = {
        partition,
        from: start ? start.source + 1 : 0,
        to: open.source,
        order: 'ascending',
        limit,
      } as const;
      const found = await this.#someAfter(after, signal);
      const runs = [...(start ? [start] : []), ...found.items].flatMap((item) => item.runs);
      windows = withWindow(windows, windowOf(found.ended ? [...runs, open] : runs, start === undefined, open));
    }
  }

  /** Past those that expired there may be others. */
  async #someAfter(query: RunItemQuery, signal: AbortSignal | undefined): Promise<RunItems> {
    for (let { limit } = query; ; limit *= GROWTH) {
      const found = await this.#items.read({ ...query, limit }, signal);
      if (found.items.length > 0 || found.ended) return found;
    }
  }
}

function downFrom(open: Run, { items, ended }: RunItems): RunWindow {
  return windowOf([...items.toReversed().flatMap((item) => item.runs), open], ended, open);
}

function windowOf([first, ...rest]: readonly Run[], lowest: boolean, open: Run): RunWindow {
  return { runs: [first ?? open, ...rest], lowest };
}
