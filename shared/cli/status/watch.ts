import { FlowTrends } from '../../status/flow-trends.ts';
import type { Reading } from '../../status/reading.ts';
import type { Asked } from '../ask-each.ts';
import { hurtFirst } from './answer.ts';
import type { Watched } from './watched.ts';

const SECOND_MS = 1_000;

/** Where readings are shown. */
export interface WatchView {
  /** All flows were read anew. */
  readonly show: (watched: readonly Watched[]) => void;
  /** A second has passed, in which ages have grown and the window may have changed. */
  readonly refresh: () => void;
  /** Gives the terminal back. */
  readonly end: () => void;
}

export interface WatchPorts {
  readonly read: () => Promise<readonly Asked<Reading>[]>;
  readonly view: WatchView;
  readonly now: () => number;
  /** Not longer than until `stop` is aborted. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
}

/**
 * Reads flows again and again until it is stopped, and shows each reading.
 * @param everyMs from the end of a reading to the next
 * @returns what was read last; undefined where it was stopped before that
 */
export async function watch(ports: WatchPorts, everyMs: number): Promise<readonly Asked<Reading>[] | undefined> {
  const { read, view, now, wait, stop } = ports;
  const trends = new Map<string, FlowTrends>();
  let last: readonly Asked<Reading>[] | undefined;
  try {
    while (!stop.aborted) {
      const found = await untilDone(ports, read());
      if (found === undefined) break;
      last = found;
      view.show(hurtFirst(found).map((asked) => ({ asked, trends: follow(trends, asked) })));
      for (const until = now() + everyMs; now() < until && !stop.aborted; view.refresh())
        await wait(Math.min(SECOND_MS, until - now()));
    }
  } finally {
    view.end();
  }
  return last;
}

function follow(all: Map<string, FlowTrends>, asked: Asked<Reading>): FlowTrends {
  const trends = all.get(asked.flow) ?? new FlowTrends();
  all.set(asked.flow, trends);
  if ('readAt' in asked) trends.take(asked);
  return trends;
}

/** A reading may take seconds, in which the view is not to stand. Undefined where the watch is stopped meanwhile. */
async function untilDone<T>({ view, wait, stop }: WatchPorts, work: Promise<T>): Promise<T | undefined> {
  const done = work.then((value) => ({ value }));
  for (;;) {
    const first = await Promise.race([done, wait(SECOND_MS).then(() => undefined)]);
    if (first !== undefined) return first.value;
    if (stop.aborted) return undefined;
    view.refresh();
  }
}
