import type { TopicPartition } from '../../mm2/topic-partition.ts';
import { batchHeaders, type StoredBatch } from '../../records/decode.ts';
import { READ_COMMITTED } from './apis.ts';
import type { KafkaCluster } from './cluster.ts';
import { dataBatches, dataIn } from './data-batches.ts';
import type { FetchedPartition, FetchRequest } from './fetch-api.ts';
import { ONE_BATCH, readLog } from './read-log.ts';

/** Where to look for a record of a log. */
export interface RecordSearch extends TopicPartition {
  /** The record is at this offset, or the first one after it. */
  readonly offset: number;
  /** What is at or after this offset is not looked for: the log's end, as it was told. */
  readonly end: number;
}

export interface FirstRecord {
  readonly offset: number;
  /** ms since the epoch; -1 none */
  readonly timestamp: number;
  readonly transactional: boolean;
}

/** What a part of a log says of a search: its record, that there is none before its end, or where to go on. */
export type Seen = FirstRecord | 'none' | { readonly goOnAt: number };

/**
 * The first record, one fetch of one batch at first, since most often that is where it is.
 * @param isolation whether only what is committed counts
 * @returns `none` where no offset before the end holds a record: a marker, what was aborted, what compaction took away
 * @throws CausewayError
 */
export async function firstRecord(
  cluster: KafkaCluster,
  search: RecordSearch,
  isolation: FetchRequest['isolation'],
  signal: AbortSignal,
): Promise<FirstRecord | 'none'> {
  const place = { topic: search.topic, partition: search.partition, signal };
  let position = search.offset;
  for await (const fetched of readLog(cluster, place, position, ONE_BATCH, isolation)) {
    const seen = firstIn(fetched, search, isolation, position);
    if (!isOpen(seen)) return seen;
    position = seen.goOnAt;
    if (position > search.offset) break;
  }
  if (position === search.offset) return 'none';
  for await (const { batches } of dataBatches(cluster, place, position, isolation)) {
    const found = recordIn(batches, search);
    if (found !== undefined) return found;
  }
  return 'none';
}

/** What one answer says. @param position that was asked for */
export function firstIn(
  fetched: FetchedPartition,
  search: RecordSearch,
  isolation: FetchRequest['isolation'],
  position = search.offset,
): Seen {
  const found = recordIn(dataIn(fetched), search);
  if (found !== undefined) return found;
  const end = isolation === READ_COMMITTED && fetched.lastStable >= 0 ? fetched.lastStable : fetched.highWatermark;
  let goOnAt = position;
  for (const { lastOffset } of batchHeaders(fetched.log)) goOnAt = Math.max(goOnAt, lastOffset + 1);
  return goOnAt >= Math.min(end, search.end) ? 'none' : { goOnAt };
}

export function isOpen(seen: Seen): seen is { readonly goOnAt: number } {
  return typeof seen === 'object' && 'goOnAt' in seen;
}

function recordIn(batches: readonly StoredBatch[], { offset, end }: RecordSearch): FirstRecord | 'none' | undefined {
  for (const { header, records } of batches) {
    if (header.lastOffset < offset) continue;
    if (header.baseOffset >= end) return 'none';
    const found = records().find((record) => record.offset >= offset);
    if (found === undefined) continue;
    if (found.offset >= end) return 'none';
    return { offset: found.offset, timestamp: found.timestamp, transactional: header.transactional };
  }
  return undefined;
}
