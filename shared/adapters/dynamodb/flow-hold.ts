import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { FlowId } from '../../flow/flow.ts';
import type { FlowHolds, Hold } from '../../ledger/hold.ts';
import { decodeHold, encodeHold, holdItemKey } from './hold-item.ts';
import { getItem, type Item } from './items.ts';
import { pastConflicts } from './transaction-conflict.ts';

/** The hold of a flow in the offset map's table, beside `FLOW`, so that no deployment touches it. */
export class DynamoDbFlowHold implements FlowHolds {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  /** @throws RegistryCorrupt, here and below, when the item is not one of Causeway's */
  async current(): Promise<Hold | undefined> {
    const Key = holdItemKey(this.#flow);
    const Item = await getItem(this.#client, this.#table, Key);
    return this.#decode(Item);
  }

  async place(hold: Hold): Promise<Hold> {
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: encodeHold(this.#flow, hold),
      ...generationIs('<', hold.generation),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const stands = await this.#unless(() => this.#client.send(put));
    return stands ?? hold;
  }

  async lift(generation: number): Promise<Hold | undefined> {
    const remove = new DeleteItemCommand({
      TableName: this.#table,
      Key: holdItemKey(this.#flow),
      ...generationIs('<=', generation),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#unless(() => this.#client.send(remove));
  }

  /** Makes the change. @returns the hold that stands in its way; undefined: it was made */
  async #unless(change: () => Promise<unknown>): Promise<Hold | undefined> {
    try {
      await pastConflicts(change);
      return undefined;
    } catch (error) {
      const stands = error instanceof ConditionalCheckFailedException ? this.#decode(error.Item) : undefined;
      if (stands === undefined) throw error;
      return stands;
    }
  }

  #decode(item: Item | undefined): Hold | undefined {
    return item && decodeHold(this.#flow, item);
  }
}

/** Or that there is no hold. */
function generationIs(comparison: '<' | '<=', generation: number) {
  return {
    ConditionExpression: `attribute_not_exists(pk) OR #generation ${comparison} :generation`,
    ExpressionAttributeNames: { '#generation': 'generation' },
    ExpressionAttributeValues: marshall({ ':generation': generation }),
  };
}
