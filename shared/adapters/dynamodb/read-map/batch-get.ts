import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Readonly<Record<string, AttributeValue>>;

/** DynamoDB's limit. */
const KEYS_PER_REQUEST = 100;
/** Batches under way at a time. */
const SIDE_BY_SIDE = 8;
const LONGEST_PAUSE_MS = 1_000;

export interface BatchGetOptions {
  readonly tableName: string;
  readonly attributes: readonly string[];
  /** How long what DynamoDB leaves unprocessed is asked for again. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface BatchGetAnswer {
  /** By partition key. */
  readonly items: ReadonlyMap<string, Item>;
  /** Partition keys that were still unprocessed when patience ended: throttled, that is. */
  readonly unprocessed: ReadonlySet<string>;
  readonly requests: number;
}

/** Strongly consistent. Keys differ in their partition key. @throws the SDK's errors when the table does not answer */
export async function batchGet(
  client: DynamoDBClient,
  keys: readonly ItemKey[],
  options: BatchGetOptions,
): Promise<BatchGetAnswer> {
  const items = new Map<string, Item>();
  const unprocessed = new Set<string>();
  let requests = 0;

  const getAll = async (chunk: readonly ItemKey[]) => {
    const until = Date.now() + options.patienceMs;
    let pending: Record<string, AttributeValue>[] = chunk.map((key) => marshall(key));
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      requests++;
      const answer = await getOnce(client, pending, options);
      for (const item of answer.found) items.set(item.pk?.S ?? '', item);
      pending = answer.unprocessed;
      if (pending.length === 0) return;
      if (options.signal?.aborted || Date.now() + pauseMs > until) break;
      await sleep(pauseMs * (1 - Math.random() / 2));
    }
    for (const { pk } of pending) unprocessed.add(pk?.S ?? '');
  };

  const chunks = Iterator.from(inChunks(keys));
  const worker = async () => {
    for (const chunk of chunks) await getAll(chunk);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return { items, unprocessed, requests };
}

async function getOnce(
  client: DynamoDBClient,
  Keys: Record<string, AttributeValue>[],
  { tableName, attributes, signal }: BatchGetOptions,
) {
  const names = ['pk', ...attributes];
  const { Responses, UnprocessedKeys } = await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        [tableName]: {
          Keys,
          ConsistentRead: true,
          ProjectionExpression: names.map((_, i) => `#${i}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
        },
      },
    }),
    signal && { abortSignal: signal },
  );
  return { found: Responses?.[tableName] ?? [], unprocessed: UnprocessedKeys?.[tableName]?.Keys ?? [] };
}

function* inChunks(keys: readonly ItemKey[]): Generator<readonly ItemKey[]> {
  for (let i = 0; i < keys.length; i += KEYS_PER_REQUEST) yield keys.slice(i, i + KEYS_PER_REQUEST);
}
