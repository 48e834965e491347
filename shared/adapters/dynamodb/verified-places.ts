import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, type FlowPartition, flowName } from '../../flow/flow.ts';
import {
  type Kept,
  type KeptPlace,
  placeKey,
  type VerifiedPlace,
  type VerifiedPlaces,
  verifiedPlace,
} from '../../verify/verified-place.ts';
import { putVersioned, queryItems } from './items.ts';

/** Raised with each change of what is kept that an older version would misread. */
const FORMAT = 1;

const versioned = z.looseObject({ version: z.int().positive(), sk: z.string() });
const seen = z.object({ format: z.literal(FORMAT), firstSeen: z.int().nonnegative() });
const item = verifiedPlace
  .extend({ format: z.literal(FORMAT) })
  .transform(({ format: _format, ...place }): VerifiedPlace => place);

/**
 * In the offset map's table: partition key `<source>-><target>#verify`, sort keys `<topic>#<partition>#<generation>`. The key
 * is of its own, so that who keeps places needs no right to write the offset map.
 */
export class DynamoDbVerifiedPlaces implements VerifiedPlaces {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  async all(): Promise<ReadonlyMap<string, KeptPlace>> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': this.#pk }),
    };
    const places = new Map<string, KeptPlace>();
    for await (const found of queryItems(this.#client, query)) {
      const { version, sk, ...attributes } = versioned.parse(unmarshall(found));
      // One that another version wrote is begun anew, which loses nothing but time.
      const place = item.safeParse(attributes).data;
      places.set(sk, { version, place, firstSeen: seen.safeParse(attributes).data?.firstSeen });
    }
    return places;
  }

  async write(partition: FlowPartition, expected: number, { place, firstSeen }: Kept): Promise<'written' | 'conflict'> {
    const key = { pk: this.#pk, sk: placeKey(partition) };
    const attributes = { ...key, version: expected + 1, format: FORMAT, firstSeen, ...place };
    return putVersioned(this.#client, this.#table, expected, marshall(attributes, { removeUndefinedValues: true }));
  }

  get #pk(): string {
    return `${flowName(this.#flow)}#verify`;
  }
}
