import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import type { ConsumerMark, ConsumerMarks } from '../../../runbook/ports/consumers.ts';
import { getItem, putVersioned } from '../items.ts';
import { RegistryEntryCorrupt } from './errors.ts';

const whole = z.int().nonnegative();

const markItem = z.object({
  version: whole.min(1),
  state: z.enum(['seen', 'stopped', 'moved']),
  inUse: z.array(z.object({ consumer: z.string(), topic: z.string(), group: z.string() })),
  generation: whole,
  at: whole,
});

/** In the registry table of a flow: partition key `<source>-><target>`, sort key `CONSUMERS#<alias of the cluster>`. */
export class DynamoDbConsumerMarks implements ConsumerMarks {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;
  readonly #key: { readonly pk: string; readonly sk: string };

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId, cluster: string) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
    this.#key = { pk: flowName(flow), sk: `CONSUMERS#${cluster}` };
  }

  /** @throws RegistryEntryCorrupt; the SDK's errors when the table does not answer */
  async read(): Promise<ConsumerMark | undefined> {
    const Item = await getItem(this.#client, this.#table, marshall(this.#key));
    if (Item === undefined) return undefined;
    const parsed = markItem.safeParse(unmarshall(Item));
    if (!parsed.success) throw new RegistryEntryCorrupt(this.#flow, this.#key.sk, parsed.error);
    return parsed.data;
  }

  /** @throws the SDK's errors when the table does not answer; then the mark may have been written all the same */
  write({ version, state, inUse, generation, at }: ConsumerMark): Promise<'written' | 'conflict'> {
    const ids = inUse.map(({ consumer, topic, group }) => ({ consumer, topic, group }));
    const item = marshall({ ...this.#key, version, state, inUse: ids, generation, at });
    return putVersioned(this.#client, this.#table, version - 1, item);
  }
}
