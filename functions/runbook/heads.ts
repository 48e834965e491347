import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { HEAD_KEY, partitionKey } from '../../shared/adapters/dynamodb/keys.ts';
import { batchGet } from '../../shared/adapters/dynamodb/read-map/batch-get.ts';
import type { FlowPartition } from '../../shared/flow/flow.ts';
import type { Untold } from '../../shared/groups/committed-offsets.ts';
import type { CopiedTo, Heads } from '../../shared/runbook/ports/flow.ts';

const PATIENCE_MS = 4_000;

const whole = z.int().nonnegative();

const head = z.object({
  sourceTopicId: z.string().min(1),
  producer: z.object({ producerId: z.string() }),
  nextSource: whole,
  nextTarget: whole,
  openRun: z.object({ target: whole }).optional(),
  sparse: z.boolean(),
  lastTimestamp: z.number(),
});

const ATTRIBUTES = Object.keys(head.shape);

/** The heads of a flow's partitions, 100 a request. @throws the SDK's errors when the table does not answer */
export async function copiedTo(
  client: DynamoDBClient,
  tableName: string,
  partitions: readonly FlowPartition[],
): Promise<Heads> {
  const keys = partitions.map((each) => ({ pk: partitionKey(each), sk: HEAD_KEY }));
  const options = { tableName, attributes: ATTRIBUTES, patienceMs: PATIENCE_MS, signal: undefined };
  const { items, unprocessed } = await batchGet(client, keys, options);
  const heads = new Map<string, Map<number, CopiedTo | Untold | undefined>>();
  for (const each of partitions) {
    const key = partitionKey(each);
    const ofTopic = heads.get(each.topic) ?? new Map<number, CopiedTo | Untold | undefined>();
    heads.set(each.topic, ofTopic);
    const item = items.get(key);
    const missing = unprocessed.has(key) ? { code: 'OFFSET_MAP_THROTTLED' } : undefined;
    ofTopic.set(each.partition, item ? decodeCopiedTo(unmarshall({ ...item })) : missing);
  }
  return heads;
}

/** The attributes of a `HEAD` item, as far as runbooks need them. */
export function decodeCopiedTo(item: Readonly<Record<string, unknown>>): CopiedTo | Untold {
  const parsed = head.safeParse(item);
  if (!parsed.success) return { code: 'OFFSET_MAP_CORRUPT' };
  const { producer, openRun, ...rest } = parsed.data;
  return { ...rest, producerId: producer.producerId, runStart: openRun?.target };
}
