import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { CausewayError, messageOf } from '../../flow/errors.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { FlowStatus } from '../../status/assess.ts';
import type { StatusStore, StoredStatus } from '../../status/store.ts';
import { getItem } from './items.ts';

const SORT_KEY = 'STATUS';
/** Raised with each change of what is kept that an older version would misread. */
const FORMAT = 1;
/** DynamoDB takes items of 400 KB. */
const MOST_BYTES = 380_000;
/** Half of the rows at a time is left out, those that hurt least, until the rest fits. */
const SHARE = 0.5;

const item = z.object({ format: z.literal(FORMAT), readAt: z.int().nonnegative(), packed: z.instanceof(Uint8Array) });
const packedStatus = z.custom<FlowStatus>(
  (value) =>
    z.object({ flow: z.string(), topics: z.array(z.unknown()), groups: z.array(z.unknown()) }).safeParse(value).success,
);

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** The item is not one that this version wrote. */
export class StatusCorrupt extends CausewayError {
  readonly code = 'STATUS_CORRUPT';
  readonly retriable = false;

  constructor(flow: FlowId, cause: unknown) {
    super(`${flowName(flow)}: item ${SORT_KEY} of the offset map cannot be understood: ${messageOf(cause)}`, {
      safe: 'Nothing was changed. Replication does not need the item.',
      next: 'Use the version of the command that was deployed; the function monitor writes the item anew each minute.',
      cause,
    });
  }
}

/** In the offset map's table: partition key `<source>-><target>#monitor`, sort key `STATUS`. */
export class DynamoDbStatusStore implements StatusStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  async read(): Promise<StoredStatus | undefined> {
    const Item = await getItem(this.#client, this.#table, marshall(this.#key));
    if (Item === undefined) return undefined;
    try {
      const { readAt, packed } = item.parse(unmarshall(Item));
      return { readAt, status: packedStatus.parse(JSON.parse((await decompress(packed)).toString())) };
    } catch (error) {
      throw new StatusCorrupt(this.#flow, error);
    }
  }

  async write({ readAt, status }: StoredStatus): Promise<void> {
    let kept = status;
    let packed = await compress(JSON.stringify(kept), QUICK);
    while (packed.length > MOST_BYTES) {
      kept = { ...kept, topics: worst(kept.topics), groups: worst(kept.groups) };
      packed = await compress(JSON.stringify(kept), QUICK);
    }
    const Item = marshall({ ...this.#key, format: FORMAT, readAt, packed });
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  get #key() {
    return { pk: `${flowName(this.#flow)}#monitor`, sk: SORT_KEY };
  }
}

/** Rows come with what hurts most first. */
function worst<T>(rows: readonly T[]): readonly T[] {
  return rows.slice(0, Math.floor(rows.length * SHARE));
}
