import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { CausewayError, messageOf } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { SourceEndsStore, StoredSourceEnds } from '../../loss/source-ends.ts';
import { getItem } from './items.ts';
import { packEnds, unpackEnds } from './packed-ends.ts';

const SORT_KEY = 'SOURCE_ENDS';

const ms = z.int().nonnegative();
const rate = z.int().nonnegative();
const peak = z.object({ current: rate, previous: rate });

const item = z.object({
  writtenAt: ms,
  samples: z.array(z.object({ askedAt: ms, answeredAt: ms })),
  packed: z.instanceof(Uint8Array),
  peak,
  peaksSince: ms,
  answeredAt: ms.optional(),
  silence: z.object({ since: ms, toldAt: ms, confirmedAt: ms }).optional(),
});

/** The item is not one that `heartbeat` wrote. */
export class SourceEndsCorrupt extends CausewayError {
  readonly code = 'SOURCE_ENDS_CORRUPT';
  readonly retriable = false;

  constructor(flow: FlowId, cause: unknown) {
    const reason = messageOf(cause);
    super(`${flowName(flow)}: item ${SORT_KEY} of the flow's registry table cannot be understood: ${reason}`, {
      safe: 'Nothing was changed. Replication does not need the item; it only says how much a lost source had not passed on.',
      next: 'Nothing while the source answers: heartbeat replaces it. In a failover the loss is not known: go on without it.',
      cause,
    });
  }
}

/** In the flow's registry table: partition key `<source>-><target>`, sort key `SOURCE_ENDS`. */
export class DynamoDbSourceEnds implements SourceEndsStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  async read(signal?: AbortSignal): Promise<StoredSourceEnds | undefined> {
    const Key = marshall({ pk: flowName(this.#flow), sk: SORT_KEY });
    const Item = await getItem(this.#client, this.#table, Key, signal);
    if (Item === undefined) return undefined;
    try {
      const { writtenAt, packed, answeredAt, silence, ...ends } = item.parse(unmarshall(Item));
      const partitions = await unpackEnds(packed, ends.samples.length);
      return { writtenAt, ends: { ...ends, partitions, answeredAt, silence } };
    } catch (error) {
      throw new SourceEndsCorrupt(this.#flow, error);
    }
  }

  async write({ ends, writtenAt }: StoredSourceEnds, signal?: AbortSignal): Promise<'written' | 'outdated'> {
    const { partitions, ...rest } = ends;
    const packed = await packEnds(partitions, ends.samples.length);
    const key = { pk: flowName(this.#flow), sk: SORT_KEY };
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: marshall({ ...key, writtenAt, packed, ...rest }, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(pk) OR writtenAt < :writtenAt',
      ExpressionAttributeValues: marshall({ ':writtenAt': writtenAt }),
    });
    try {
      await this.#client.send(put, signal && { abortSignal: signal });
      return 'written';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'outdated';
      throw error;
    }
  }
}
