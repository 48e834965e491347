import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../flow/flow.ts';
import { type ReconcileNotes, SyncKind, type SyncNote, type SyncNotes } from '../../ledger/reconcile-notes.ts';
import { RegistryCorrupt } from './topic-registry.ts';

const SYNC_PREFIX = 'SYNC#';

const syncItem = z.object({ kind: z.enum(SyncKind), at: z.number(), deployment: z.string() });

/**
 * In the offset map's table, apart from the topic items, which every look reads: partition key
 * `<source>-><target>#reconcile`, sort keys `SYNC#<kind>`.
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
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({ ':pk': this.#key, ':prefix': SYNC_PREFIX }),
      }),
    );
    const notes: Partial<Record<SyncKind, SyncNote>> = {};
    for (const item of Items) {
      const attributes = unmarshall(item);
      const parsed = syncItem.safeParse(attributes);
      if (!parsed.success) throw new RegistryCorrupt(this.#flow, String(attributes.sk), parsed.error);
      const { kind, at, deployment } = parsed.data;
      notes[kind] = { at, deployment };
    }
    return notes;
  }

  async setSynced(kind: SyncKind, note: SyncNote): Promise<void> {
    const Item = marshall({ pk: this.#key, sk: SYNC_PREFIX + kind, kind, ...note });
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  get #key(): string {
    return `${flowName(this.#flow)}#reconcile`;
  }
}
