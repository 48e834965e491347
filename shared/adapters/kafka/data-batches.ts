import { type StoredBatch, storedBatches } from '../../records/decode.ts';
import { isAbort } from '../../records/marker.ts';
import type { KafkaCluster } from './cluster.ts';
import type { AbortedTransaction, FetchedPartition, FetchRequest } from './fetch-api.ts';
import type { Place } from './log-ends.ts';
import { readLog } from './read-log.ts';

/** Large enough for its round trip to count for little; several partitions are read at a time. */
const ANSWER_BYTES = 1 << 20;

/** What one answer brought of a log. */
export interface DataBatches {
  /** The log's start when it was asked. */
  readonly logStart: number;
  /** Without transaction markers. */
  readonly batches: readonly StoredBatch[];
}

/**
 * A partition's batches of records from the one that holds `from` to the log's end. With `READ_COMMITTED` to the last
 * stable offset, and without what was aborted. The next answer is asked for while the last one is being looked at, so two
 * are in memory.
 * @throws CausewayError
 */
export async function* dataBatches(
  cluster: KafkaCluster,
  place: Place,
  from: number,
  isolation: FetchRequest['isolation'],
): AsyncGenerator<DataBatches> {
  for await (const fetched of oneAhead(readLog(cluster, place, from, ANSWER_BYTES, isolation)))
    yield { logStart: fetched.logStart, batches: dataIn(fetched) };
}

/** Batches of records of one answer, without transaction markers and without what it names as aborted. */
export function dataIn({ log, aborted }: FetchedPartition): readonly StoredBatch[] {
  const begun = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  const data: StoredBatch[] = [];
  for (const batch of storedBatches(log)) {
    const { header } = batch;
    beginUpTo(header.lastOffset, begun, open);
    if (header.control) {
      if (open.has(header.producerId) && isAbort(batch.records()[0])) open.delete(header.producerId);
    } else if (!header.transactional || !open.has(header.producerId)) data.push(batch);
  }
  return data;
}

function beginUpTo(offset: number, begun: AbortedTransaction[], open: Set<bigint>): void {
  for (let [next] = begun; next !== undefined && next.firstOffset <= offset; [next] = begun) {
    open.add(next.producerId);
    begun.shift();
  }
}

async function* oneAhead<T>(all: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = all.next();
  try {
    for (let { value, done } = await next; !done; { value, done } = await next) {
      next = all.next();
      // Waited for after the one before was used: until then nobody would hear of its failure.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await next.catch(() => {});
    await all.return(undefined);
  }
}
