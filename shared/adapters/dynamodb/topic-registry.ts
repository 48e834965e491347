import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { Hold } from '../../ledger/hold.ts';
import {
  type FlowItem,
  NEVER_WRITTEN,
  type RegistryListing,
  type TopicItem,
  type TopicRegistry,
} from '../../ledger/topic-registry.ts';
import { RegistryCorrupt } from './errors.ts';
import { DynamoDbFlowHold } from './flow-hold.ts';
import { decodeHold, HOLD_KEY } from './hold-item.ts';
import { getItem, type Item, putVersioned, queryItems } from './items.ts';
import { decodeFlowItem, decodeTopicItem } from './topic-item.ts';

const FLOW_KEY = 'FLOW';
const TOPIC_PREFIX = 'TOPIC#';

type Attributes = Record<string, NativeAttributeValue>;

/**
 * A flow's topics in the offset map's table: partition key `<source>-><target>`, sort keys `FLOW`, `HOLD` and `TOPIC#<topic>`.
 * Every read is strongly consistent, every write of a topic conditional on the version before.
 */
export class DynamoDbTopicRegistry implements TopicRegistry {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  async read(topic: string): Promise<TopicItem | undefined> {
    const item = await this.#get(TOPIC_PREFIX + topic);
    return item && this.#decode(item, decodeTopicItem);
  }

  async flow(): Promise<FlowItem> {
    const item = await this.#get(FLOW_KEY);
    return item ? this.#decode(item, decodeFlowItem) : NEVER_WRITTEN;
  }

  async hold(): Promise<Hold | undefined> {
    return new DynamoDbFlowHold(this.#client, this.#table, this.#flow).current();
  }

  async list(): Promise<RegistryListing> {
    let flow = NEVER_WRITTEN;
    let hold: Hold | undefined;
    const topics: TopicItem[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': flowName(this.#flow) }),
    };
    for await (const found of queryItems(this.#client, query)) {
      const item: Attributes = unmarshall(found);
      if (item.sk === HOLD_KEY) hold = decodeHold(this.#flow, found);
      else if (item.sk === FLOW_KEY) flow = this.#decode(item, decodeFlowItem);
      else if (String(item.sk).startsWith(TOPIC_PREFIX)) topics.push(this.#decode(item, decodeTopicItem));
    }
    return { flow, hold, topics };
  }

  async write(expected: number, item: TopicItem): Promise<'written' | 'conflict'> {
    return putVersioned(this.#client, this.#table, expected, this.#item(TOPIC_PREFIX + item.topic, item));
  }

  async setFlow(item: FlowItem): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: this.#item(FLOW_KEY, item) }));
  }

  async #get(sk: string): Promise<Attributes | undefined> {
    const Key = marshall({ pk: flowName(this.#flow), sk });
    const Item = await getItem(this.#client, this.#table, Key);
    return Item && unmarshall(Item);
  }

  #item(sk: string, attributes: TopicItem | FlowItem): Item {
    return marshall({ pk: flowName(this.#flow), sk, ...attributes }, { removeUndefinedValues: true });
  }

  #decode<T>(item: Attributes, decode: (attributes: Attributes) => T): T {
    try {
      return decode(item);
    } catch (error) {
      throw new RegistryCorrupt(this.#flow, String(item.sk), error);
    }
  }
}
