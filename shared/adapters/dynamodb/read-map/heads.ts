import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { FlowPartition } from '../../../flow/flow.ts';
import type { Untold } from '../../../groups/committed-offsets.ts';
import { OffsetMapCorrupt } from '../errors.ts';
import { HEAD_KEY, partitionKey } from '../keys.ts';
import { batchGet, type Item } from './batch-get.ts';
import { decodeHeadFacts, HEAD_FACTS, type HeadFacts } from './head-facts.ts';

/** What was read of a partition: undefined where there is no `HEAD`, a code where it cannot be had. */
export type ReadHead = HeadFacts | Untold | undefined;

export interface HeadsOptions {
  readonly tableName: string;
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

/** By partition key; one for each partition. @throws the SDK's errors when the table does not answer */
export async function readHeads(
  client: DynamoDBClient,
  partitions: readonly FlowPartition[],
  options: HeadsOptions,
): Promise<{ readonly heads: ReadonlyMap<string, ReadHead>; readonly requests: number }> {
  const keys = partitions.map((each) => ({ pk: partitionKey(each), sk: HEAD_KEY }));
  const { items, unprocessed, requests } = await batchGet(client, keys, { ...options, attributes: HEAD_FACTS });
  const headOf = (partition: FlowPartition, key: string): ReadHead => {
    const item = items.get(key);
    if (item) return decode(partition, item);
    return unprocessed.has(key) ? { code: 'OFFSET_MAP_THROTTLED' } : undefined;
  };
  const heads = partitions.map((partition): [string, ReadHead] => {
    const key = partitionKey(partition);
    return [key, headOf(partition, key)];
  });
  return { heads: new Map(heads), requests };
}

function decode(partition: FlowPartition, item: Item): ReadHead {
  try {
    return decodeHeadFacts(unmarshall({ ...item }));
  } catch (error) {
    return { code: new OffsetMapCorrupt(partition, HEAD_KEY, error).code };
  }
}
