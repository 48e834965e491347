import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { FlowPartition } from '../../../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../../../flow/offset.ts';
import { isTold } from '../../../groups/committed-offsets.ts';
import type { OffsetMapReader, TranslationRequest } from '../../../groups/ports.ts';
import { partitionKey } from '../keys.ts';
import type { HeadFacts } from './head-facts.ts';
import type { ReadHead } from './heads.ts';
import { MapView, type ReadPartition } from './map-view.ts';
import { PartitionMap } from './partition-map.ts';
import { type Asked, type Found, Reading, type ReadingOptions } from './reading.ts';
import { RunCache } from './run-cache.ts';

export interface MapReaderOptions {
  readonly tableName: string;
  /** Closed runs kept in memory between readings, at some 60 bytes each; default 500,000. */
  readonly maxCachedRuns?: number;
  /** How long throttled reads of HEADs are repeated; default 5,000. */
  readonly patienceMs?: number;
  /**
   * Time for closed runs in one reading; default 20,000. What was found is kept, so that the next reading goes on from
   * there.
   */
  readonly closedRunsMs?: number;
}

/** Partitions whose closed runs are asked for at a time. */
const SIDE_BY_SIDE = 32;
/** A map that is cut each time it is looked at is left for the next tick. */
const MOST_READINGS = 3;

/**
 * Reads the offset maps of thousands of partitions for the translation of many offsets each: HEADs 100 a request, and
 * closed runs only where an offset lies below the open one and nothing that is kept from before answers.
 *
 * All reads are strongly consistent. An older HEAD would end before what is replicated, so that a group that was drained
 * in a switchover would read again; next to runs as old it would miss one, and an offset in it would be translated past
 * its records. Closed runs are read after their HEAD, and HEAD once more after them: had the map been cut meanwhile, runs
 * from before and after would be mixed.
 */
export class DynamoDbMapReader implements OffsetMapReader {
  readonly #client: DynamoDBClient;
  readonly #options: Omit<ReadingOptions, 'signal'>;
  readonly #cache: RunCache;

  constructor(client: DynamoDBClient, options: MapReaderOptions) {
    this.#client = client;
    const { tableName, patienceMs = 5_000, closedRunsMs = 20_000, maxCachedRuns = 500_000 } = options;
    this.#options = { tableName, patienceMs, closedRunsMs };
    this.#cache = new RunCache(maxCachedRuns);
  }

  /**
   * A partition whose runs cannot be had keeps no other from being read: its offsets translate to `unreadable`.
   * @throws the SDK's errors when the table does not answer
   */
  async read(requests: readonly TranslationRequest[], signal?: AbortSignal): Promise<MapView> {
    const reading = new Reading(this.#client, { ...this.#options, signal });
    const asked = merged(requests);
    const partitions = new Map<FlowPartition, ReadPartition>();
    let pending = asked;
    for (let round = 1; pending.length > 0; round++) {
      const heads = await reading.heads(pending);
      const found = await this.#find(reading, pending, heads);
      const after = await reading.heads(pending.filter(({ key }) => wasRead(found.get(key))));
      const cut: Asked[] = [];
      for (const each of pending) {
        const of = found.get(each.key);
        if (of && wasRead(of) && !isSameMap(of.head, after.get(each.key))) {
          cut.push(each);
          partitions.set(each.partition, { code: 'OFFSET_MAP_BEING_CUT' });
        } else {
          partitions.set(each.partition, of ? this.#keep(each.key, of) : withoutHead(heads.get(each.key)));
        }
      }
      pending = round < MOST_READINGS ? cut : [];
    }
    return new MapView(partitions, reading.requests);
  }

  async #find(
    reading: Reading,
    asked: readonly Asked[],
    heads: ReadonlyMap<string, ReadHead>,
  ): Promise<ReadonlyMap<string, Found>> {
    const found = new Map<string, Found>();
    const queue = asked.values();
    const worker = async () => {
      for (const each of queue) {
        const head = heads.get(each.key);
        if (!head || !isTold(head)) continue;
        const known = this.#cache.get(each.key, head);
        const windows = await reading.closedRuns(each, head, known);
        found.set(each.key, { head, windows, fromMemory: windows === known });
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    return found;
  }

  #keep(key: string, { head, windows }: Found): ReadPartition {
    if ('code' in windows) return windows;
    this.#cache.put(key, head, windows);
    return new PartitionMap(head, windows);
  }
}

/** Runs were asked for, and came. */
function wasRead(found: Found | undefined): boolean {
  return found !== undefined && !found.fromMemory && isTold(found.windows);
}

function withoutHead(head: ReadHead): ReadPartition {
  return head && !isTold(head) ? head : 'unmapped';
}

/** No run that `before` spoke of was taken back since. */
function isSameMap(before: HeadFacts, after: ReadHead): boolean {
  if (!after || !isTold(after)) return false;
  return before.lineage === after.lineage && before.nextSource <= after.nextSource;
}

/** Each partition once, with all that is sought of it. */
function merged(requests: readonly TranslationRequest[]): readonly Asked[] {
  const byKey = Map.groupBy(requests, ({ partition }) => partitionKey(partition));
  return [...byKey].flatMap(([key, same]) => {
    const [first] = same;
    if (!first) return [];
    const toTarget = new Set<SourceOffset>(same.flatMap((each) => [...each.toTarget]));
    const toSource = new Set<TargetOffset>(same.flatMap((each) => [...each.toSource]));
    return [{ key, partition: first.partition, toTarget: [...toTarget], toSource: [...toSource] }];
  });
}
