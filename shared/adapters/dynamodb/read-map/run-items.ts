import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { FlowPartition } from '../../../flow/flow.ts';
import type { Run } from '../../../offsets/head.ts';
import { OffsetMapCorrupt } from '../errors.ts';
import { partitionKey, runKey } from '../keys.ts';
import { unpackRuns } from '../packed-runs.ts';

export interface RunItem {
  /** Source offset of its first run. */
  readonly source: number;
  readonly runs: readonly [Run, ...Run[]];
}

export interface RunItems {
  /** In the order asked for; those whose time is over are left out. */
  readonly items: readonly RunItem[];
  /** There are none further on: runs expire from the oldest on. */
  readonly ended: boolean;
}

export interface RunItemQuery {
  readonly partition: FlowPartition;
  /** Items whose first run begins in `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  readonly order: 'ascending' | 'descending';
  readonly limit: number;
}

/** @throws OffsetMapCorrupt when an item is not one of Causeway's; the SDK's errors when the table does not answer */
export interface RunItemSource {
  read(query: RunItemQuery, signal?: AbortSignal): Promise<RunItems>;
}

/**
 * Asks the table for stored runs, strongly consistent: HEAD was read before, and the runs that it no longer holds have to
 * be seen. One left out would not be missed, and what lies in it would be translated to the record after it.
 */
export class RunItemReader implements RunItemSource {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  #queries = 0;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Queries made so far. */
  get queries(): number {
    return this.#queries;
  }

  async read({ partition, from, to, order, limit }: RunItemQuery, signal?: AbortSignal): Promise<RunItems> {
    if (to <= from) return { items: [], ended: true };
    this.#queries++;
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: marshall({
          ':pk': partitionKey(partition),
          ':from': runKey(from),
          ':to': runKey(to - 1),
        }),
        ScanIndexForward: order === 'ascending',
        Limit: limit,
      }),
      signal && { abortSignal: signal },
    );
    const alive = Items.filter((item) => !isExpired(item));
    const ended = LastEvaluatedKey === undefined || (order === 'descending' && alive.length < Items.length);
    return { items: alive.map((item) => decode(partition, item)), ended };
  }
}

/** DynamoDB deletes expired items some days later, in no order: to us they are gone when their time is. */
function isExpired({ expiresAt }: Record<string, AttributeValue>): boolean {
  return expiresAt?.N !== undefined && Number(expiresAt.N) * 1_000 <= Date.now();
}

function decode(partition: FlowPartition, item: Record<string, AttributeValue>): RunItem {
  const { sk, runs: packed } = unmarshall(item);
  try {
    const [first, ...rest] = unpackRuns(packed);
    if (!first) throw new RangeError('no runs');
    return { source: first.source, runs: [first, ...rest] };
  } catch (error) {
    throw new OffsetMapCorrupt(partition, String(sk), error);
  }
}
