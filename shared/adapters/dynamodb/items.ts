import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';

/** An item as DynamoDB has it, keys and all. */
export type Item = Record<string, AttributeValue>;

/** The condition that the stored item's version is the one read; 0: that there is no item. */
export function versionIs(expected: number) {
  if (expected === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: marshall({ ':expected': expected }),
  };
}

/** A strongly consistent read. @throws the SDK's errors when the table does not answer */
export async function getItem(
  client: DynamoDBClient,
  tableName: string,
  key: Item,
  signal?: AbortSignal,
): Promise<Item | undefined> {
  const get = new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true });
  const { Item } = await client.send(get, signal && { abortSignal: signal });
  return Item;
}

/** Writes `item` if the stored one has version `expected`. @throws the SDK's errors when the table does not answer */
export async function putVersioned(
  client: DynamoDBClient,
  tableName: string,
  expected: number,
  item: Item,
): Promise<'written' | 'conflict'> {
  try {
    await client.send(new PutItemCommand({ TableName: tableName, Item: item, ...versionIs(expected) }));
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    throw error;
  }
}

/** All items that a strongly consistent query finds, page after page, as they are asked for. */
export async function* queryItems(
  client: DynamoDBClient,
  query: Omit<QueryCommandInput, 'ConsistentRead' | 'ExclusiveStartKey'>,
): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({ ...query, ConsistentRead: true, ...(start && { ExclusiveStartKey: start }) }),
    );
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}
