import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Quarantine } from '../../append/ports.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import type { KafkaRecord } from '../../records/record.ts';
import { queryItems } from './items.ts';
import { partitionKey } from './keys.ts';

/** DynamoDB takes items of 400 KB; the rest is for keys. */
const PART_BYTES = 380_000;

/**
 * Sets records aside in the offset map's table, where recovery needs them: the record as Lambda delivered it, in parts.
 * Writing a record again writes the same parts again.
 */
export class DynamoDbQuarantine implements Quarantine<KafkaRecord> {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  async put(partition: FlowPartition, record: KafkaRecord): Promise<string> {
    const bytes = Buffer.from(JSON.stringify(record));
    const parts = Math.ceil(bytes.length / PART_BYTES);
    for (let part = 0; part < parts; part++) {
      const data = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
      const Item = marshall({ pk: quarantineKey(partition, record.offset), sk: partKey(part), parts, data });
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
    }
    return `dynamodb://${this.#table}/${quarantineKey(partition, record.offset)}`;
  }

  /** The record that was set aside at an offset, as Lambda delivered it, or undefined. */
  async get(partition: FlowPartition, offset: number): Promise<KafkaRecord | undefined> {
    const found: Uint8Array[] = [];
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': quarantineKey(partition, offset) }),
    };
    for await (const item of queryItems(this.#client, query)) found.push(unmarshall(item).data);
    return found.length === 0 ? undefined : JSON.parse(Buffer.concat(found).toString());
  }
}

function quarantineKey(partition: FlowPartition, offset: number): string {
  return `QUARANTINE#${partitionKey(partition)}#${offset}`;
}

function partKey(part: number): string {
  return `PART#${String(part).padStart(4, '0')}`;
}
