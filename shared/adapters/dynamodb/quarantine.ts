import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { Quarantine } from '../../append/ports.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import type { SetAsideRecords } from '../../ledger/repair/ports.ts';
import type { Repair, StoredRecord } from '../../ledger/repair/repair.ts';
import { parseEvent } from '../../records/event.ts';
import type { KafkaRecord } from '../../records/record.ts';
import { OffsetMapCorrupt } from './errors.ts';
import { type Item, putVersioned, queryItems } from './items.ts';
import { partitionKey } from './keys.ts';

/** DynamoDB takes items of 400 KB; the rest is for keys. */
const PART_BYTES = 380_000;
const PART_PREFIX = 'PART#';
/** Beside the parts: where the record was written since. */
const REPAIRED_KEY = 'REPAIRED';

const NOTHING = new Uint8Array();

const partItem = z.object({ sk: z.string(), parts: z.int().min(1), data: z.instanceof(Uint8Array) });
const count = z.int().nonnegative();
const repairedItem = z.object({
  version: z.int().min(1),
  repairs: z.array(z.object({ topic: z.string().min(1), partition: count, offset: count, at: count })),
});

/**
 * Sets records aside in the offset map's table, where recovery needs them: the record as Lambda delivered it, in parts.
 * Writing a record again writes the same parts again.
 */
export class DynamoDbQuarantine implements Quarantine<KafkaRecord>, SetAsideRecords {
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

  /** The record that was set aside at an offset, as Lambda delivered it. */
  async read(partition: FlowPartition, offset: number): Promise<StoredRecord> {
    const found = new Map<string, z.infer<typeof partItem>>();
    for await (const item of this.#items(partition, offset, PART_PREFIX)) {
      const parsed = partItem.safeParse(unmarshall(item));
      if (parsed.success) found.set(parsed.data.sk, parsed.data);
    }
    const [first] = found.values();
    if (first === undefined) return { kind: 'damaged', because: 'none of its parts is there' };
    const data = Array.from({ length: first.parts }, (_, part) => found.get(partKey(part))?.data ?? NOTHING);
    const there = data.filter(({ length }) => length > 0);
    if (there.length < first.parts)
      return { kind: 'damaged', because: `${there.length} of its ${first.parts} parts are there` };
    return parseRecord(Buffer.concat(there).toString(), partition, offset);
  }

  async repairs(partition: FlowPartition, offset: number): Promise<readonly Repair[]> {
    return (await this.#repaired(partition, offset)).repairs;
  }

  async noteRepair(partition: FlowPartition, offset: number, repair: Repair): Promise<void> {
    for (;;) {
      const { version, repairs } = await this.#repaired(partition, offset);
      // The client repeats a write without an answer: the version may be that of our own.
      if (repairs.some((each) => isSamePlace(each, repair))) return;
      const key = { pk: quarantineKey(partition, offset), sk: REPAIRED_KEY };
      const item = marshall({ ...key, version: version + 1, repairs: [...repairs, repair] });
      if ((await putVersioned(this.#client, this.#table, version, item)) === 'written') return;
    }
  }

  async #repaired(partition: FlowPartition, offset: number): Promise<z.infer<typeof repairedItem>> {
    const [item] = await Array.fromAsync(this.#items(partition, offset, REPAIRED_KEY));
    if (item === undefined) return { version: 0, repairs: [] };
    const parsed = repairedItem.safeParse(unmarshall(item));
    if (!parsed.success) throw new OffsetMapCorrupt(partition, REPAIRED_KEY, parsed.error);
    return parsed.data;
  }

  #items(partition: FlowPartition, offset: number, prefix: string): AsyncGenerator<Item> {
    return queryItems(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': quarantineKey(partition, offset), ':prefix': prefix }),
    });
  }
}

/** Parsed as the event was that it came with: nothing of it is made anew. What parsers say may quote it, and is not told. */
function parseRecord(text: string, { topic, partition }: FlowPartition, offset: number): StoredRecord {
  try {
    const records = { [`${topic}-${partition}`]: [JSON.parse(text)] };
    const record = parseEvent({ eventSource: 'aws:kafka', records }).partitions[0]?.records[0];
    if (record?.offset === offset) return { kind: 'whole', record };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { kind: 'damaged', because: 'its parts do not make up this record' };
}

function isSamePlace(one: Repair, other: Repair): boolean {
  return one.topic === other.topic && one.partition === other.partition && one.offset === other.offset;
}

function quarantineKey(partition: FlowPartition, offset: number): string {
  return `QUARANTINE#${partitionKey(partition)}#${offset}`;
}

function partKey(part: number): string {
  return `${PART_PREFIX}${String(part).padStart(4, '0')}`;
}
