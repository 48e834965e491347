import { deflateSync, inflateSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import type { WriteFence, WriteFences } from '../../../runbook/write-fence/ports.ts';
import { getItem, putVersioned } from '../items.ts';
import { RegistryEntryCorrupt } from './errors.ts';

/** Kafka's longest name of a topic is 249 characters; what an item claims beyond this is not believed. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

const whole = z.int().nonnegative();

const names = z.array(z.string().min(1));

const fenceItem = z.object({
  version: whole.min(1),
  generation: whole,
  at: whole,
  topics: z
    .instanceof(Uint8Array)
    .transform((packed) =>
      names.parse(JSON.parse(inflateSync(packed, { maxOutputLength: MAX_JSON_BYTES }).toString())),
    ),
});

/**
 * In the registry table of a flow: partition key `<source>-><target>`, sort key `FENCE#<cluster>`, the topics as deflated
 * JSON, so that thousands fit into an item. All methods throw the SDK's errors when the table does not answer.
 */
export class DynamoDbWriteFences implements WriteFences {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  /** @throws RegistryEntryCorrupt */
  async read(cluster: string): Promise<WriteFence | undefined> {
    const key = this.#key(cluster);
    const item = await getItem(this.#client, this.#table, marshall(key));
    if (item === undefined) return undefined;
    try {
      return fenceItem.parse(unmarshall(item));
    } catch (error) {
      throw new RegistryEntryCorrupt(this.#flow, key.sk, error);
    }
  }

  async write(cluster: string, expected: number, fence: WriteFence): Promise<'written' | 'conflict'> {
    const topics = deflateSync(JSON.stringify(fence.topics));
    return putVersioned(this.#client, this.#table, expected, marshall({ ...this.#key(cluster), ...fence, topics }));
  }

  #key(cluster: string) {
    return { pk: flowName(this.#flow), sk: `FENCE#${cluster}` };
  }
}
