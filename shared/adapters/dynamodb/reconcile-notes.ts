import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../flow/flow.ts';
import {
  type AclNote,
  type ReconcileNotes,
  SyncKind,
  type SyncNote,
  type SyncNotes,
} from '../../ledger/reconcile-notes.ts';
import { RegistryCorrupt } from './errors.ts';
import { putVersioned, queryItems } from './items.ts';

const SYNC_PREFIX = 'SYNC#';
const ACL_PREFIX = 'ACL#';

const syncItem = z.object({ kind: z.enum(SyncKind), at: z.number(), deployment: z.string() });

const aclItem = z.object({
  version: z.int().min(1),
  topic: z.string().min(1),
  remoteTopic: z.string().min(1),
  acls: z.array(
    z.object({
      permission: z.enum(['ALLOW', 'DENY']),
      operation: z.string(),
      principal: z.string(),
      host: z.string(),
    }),
  ),
});

/**
 * In the offset map's table, apart from the topic items, which every look reads: partition key
 * `<source>-><target>#reconcile`, sort keys `SYNC#<kind>` and
 * `ACL#<remote topic>`. Every write of the latter is conditional on the version before.
 */
export class DynamoDbReconcileNotes implements ReconcileNotes {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  async synced(): Promise<SyncNotes> {
    const notes: Partial<Record<SyncKind, SyncNote>> = {};
    for await (const { kind, at, deployment } of this.#items(SYNC_PREFIX, syncItem)) notes[kind] = { at, deployment };
    return notes;
  }

  async setSynced(kind: SyncKind, note: SyncNote): Promise<void> {
    const Item = marshall({ pk: this.#key, sk: SYNC_PREFIX + kind, kind, ...note });
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async acls(): Promise<readonly AclNote[]> {
    return Array.fromAsync(this.#items(ACL_PREFIX, aclItem));
  }

  async writeAcls(expected: number, note: AclNote): Promise<'written' | 'conflict'> {
    const item = marshall({ pk: this.#key, sk: ACL_PREFIX + note.remoteTopic, ...note });
    return putVersioned(this.#client, this.#table, expected, item);
  }

  async *#items<T>(prefix: string, schema: z.ZodType<T>): AsyncGenerator<T> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: marshall({ ':pk': this.#key, ':prefix': prefix }),
    };
    for await (const item of queryItems(this.#client, query)) {
      const attributes = unmarshall(item);
      const parsed = schema.safeParse(attributes);
      if (!parsed.success) throw new RegistryCorrupt(this.#flow, String(attributes.sk), parsed.error);
      yield parsed.data;
    }
  }

  get #key(): string {
    return `${flowName(this.#flow)}#reconcile`;
  }
}
