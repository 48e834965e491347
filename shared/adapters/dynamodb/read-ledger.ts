import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { FlowId, FlowPartition } from '../../flow/flow.ts';
import { sourceOffset, targetOffset } from '../../flow/offset.ts';
import { flowPartition } from '../../groups/knowledge.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import type { Gap } from '../../ledger/gap.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { OffsetMapCorrupt } from './errors.ts';
import { queryItems } from './items.ts';
import { LEDGER_PREFIX, partitionKey } from './keys.ts';

/** Queries at a time: one for each partition and generation of a topic, most of them of nothing. */
const SIDE_BY_SIDE = 32;

const source = z.int().nonnegative().transform(sourceOffset);
const target = z.int().nonnegative().transform(targetOffset);
const range = { from: source, to: source, at: z.int().nonnegative() };

const ledgerEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retention-gap'), ...range }),
  z.object({ kind: z.literal('quarantine'), ...range, location: z.string() }),
  z.object({ kind: z.literal('source-divergence'), ...range }),
  z.object({
    kind: z.literal('target-divergence'),
    ...range,
    logEnd: target,
    nextTarget: target,
    lost: z.array(z.object({ from: source, length: z.int().positive() })),
  }),
]) satisfies z.ZodType<LedgerEntry>;

/**
 * The gap ledger of these topics, earlier generations included.
 * @throws OffsetMapCorrupt; the SDK's errors when the table does not answer
 */
export async function readLedger(
  client: DynamoDBClient,
  tableName: string,
  flow: FlowId,
  topics: readonly TopicItem[],
): Promise<readonly Gap[]> {
  const partitions = topics
    .flatMap((item) =>
      Array.from({ length: item.generation }, (_, i) => ({ ...item, generation: i + 1 })).flatMap((generation) =>
        Array.from({ length: item.partitions }, (_, partition) => flowPartition(flow, generation, partition)),
      ),
    )
    .values();
  const gaps: Gap[] = [];
  const worker = async () => {
    for (const partition of partitions) gaps.push(...(await ledgerOf(client, tableName, partition)));
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return gaps;
}

/** The gap ledger of one partition and generation, ascending. @throws as `readLedger` */
export async function ledgerOf(
  client: DynamoDBClient,
  tableName: string,
  partition: FlowPartition,
): Promise<readonly Gap[]> {
  const gaps: Gap[] = [];
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ledger)',
    ExpressionAttributeValues: marshall({ ':pk': partitionKey(partition), ':ledger': LEDGER_PREFIX }),
  };
  for await (const item of queryItems(client, query)) {
    const { sk, ...attributes } = unmarshall(item);
    const parsed = ledgerEntry.safeParse(attributes);
    if (!parsed.success) throw new OffsetMapCorrupt(partition, String(sk), parsed.error);
    gaps.push({ partition, entry: parsed.data });
  }
  return gaps;
}
