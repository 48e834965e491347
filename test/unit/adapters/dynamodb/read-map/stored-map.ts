import fc from 'fast-check';
import type { HeadFacts } from '../../../../../shared/adapters/dynamodb/read-map/head-facts.ts';
import type {
  RunItem,
  RunItemQuery,
  RunItemSource,
  RunItems,
} from '../../../../../shared/adapters/dynamodb/read-map/run-items.ts';
import { sourceOffset, targetOffset } from '../../../../../shared/flow/offset.ts';
import type { Run } from '../../../../../shared/offsets/head.ts';

/** A partition's map as it is stored: closed runs, some to an item, and what HEAD says. */
export interface StoredMap {
  readonly items: readonly RunItem[];
  readonly head: HeadFacts;
}

const hole = fc.nat(2);
const pieces = fc.array(fc.tuple(hole, hole, fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 24 });

/** `open`: the last run is HEAD's; otherwise HEAD holds none. A piece's flag begins an item. `start`: a log that is not new. */
export const storedMaps: fc.Arbitrary<StoredMap> = fc
  .record({ pieces, open: fc.boolean(), rest: fc.tuple(hole, hole), start: fc.constantFrom(0, 5) })
  .map(({ pieces, open, rest, start }) => {
    let [source, target]: [number, number] = [start, start];
    const items: [Run, ...Run[]][] = [];
    for (const [sourceHole, targetHole, length, begins] of pieces) {
      const run = { source: sourceOffset(source + sourceHole), target: targetOffset(target + targetHole), length };
      [source, target] = [run.source + length, run.target + length];
      const last = items.at(-1);
      if (begins || !last) items.push([run]);
      else last.push(run);
    }
    const openRun = open ? takeLast(items) : undefined;
    const head = {
      sourceTopicId: 'S',
      targetTopicId: 'T',
      nextSource: sourceOffset(source + rest[0]),
      nextTarget: targetOffset(target + rest[1]),
      openRun,
      lineage: 'first',
      replaying: false,
    };
    return { items: items.map((runs) => ({ source: runs[0].source, runs })), head };
  });

function takeLast(items: [Run, ...Run[]][]): Run | undefined {
  const last = items.at(-1);
  if (last?.length === 1) items.pop();
  return last && (last.length === 1 ? last[0] : last.pop());
}

/** All runs of a map, HEAD's too. */
export function runsOf({ items, head }: StoredMap): Run[] {
  const closed = items.flatMap(({ runs }) => runs);
  return head.openRun ? [...closed, head.openRun] : closed;
}

/** Answers from memory as the table does, and keeps what it was asked. */
export class StoredItems implements RunItemSource {
  readonly asked: RunItemQuery[] = [];
  readonly #items: readonly RunItem[];

  constructor(items: readonly RunItem[]) {
    this.#items = items;
  }

  async read(query: RunItemQuery): Promise<RunItems> {
    this.asked.push(query);
    const { from, to, order, limit } = query;
    const found = this.#items.filter(({ source }) => source >= from && source < to);
    const ordered = order === 'ascending' ? found : found.toReversed();
    return { items: ordered.slice(0, limit), ended: ordered.length <= limit };
  }
}
