import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import { ClientState, type RegistryEntry } from '../../../runbook/registry/entry.ts';
import type { FlowRegistry } from '../../../runbook/registry/ports.ts';
import { RunbookKind } from '../../../runbook/runbook.ts';
import { getItem, putVersioned } from '../items.ts';
import { RegistryEntryCorrupt } from './errors.ts';

const STATE_KEY = 'STATE';

const whole = z.int().nonnegative();

const run = z.strictObject({
  kind: z.enum(RunbookKind),
  from: z.string().min(1),
  to: z.string().min(1),
  execution: z.string().min(1),
  startedAt: whole,
  abortRequested: z.boolean(),
});

/** Strict: what a newer version added would be lost when this one writes the entry back. */
const stateItem = z.strictObject({
  version: whole.min(1),
  active: z.string().min(1),
  clients: z.enum(ClientState),
  generation: whole,
  run: run.optional(),
  changedAt: whole,
  movedAt: whole.optional(),
});

/** In the registry table of a flow: partition key `<source>-><target>`, sort key `STATE`. */
export class DynamoDbFlowRegistry implements FlowRegistry {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;

  constructor(client: DynamoDBClient, tableName: string, flow: FlowId) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
  }

  /** @throws RegistryEntryCorrupt; the SDK's errors when the table does not answer */
  async read(): Promise<RegistryEntry | undefined> {
    const Key = marshall({ pk: flowName(this.#flow), sk: STATE_KEY });
    const Item = await getItem(this.#client, this.#table, Key);
    if (!Item) return undefined;
    const { pk: _pk, sk: _sk, ...attributes } = unmarshall(Item);
    const parsed = stateItem.safeParse(attributes);
    if (!parsed.success) throw new RegistryEntryCorrupt(this.#flow, STATE_KEY, parsed.error);
    return { ...parsed.data, run: parsed.data.run };
  }

  /** @throws the SDK's errors when the table does not answer; then the entry may have been written all the same */
  async write(expected: number, entry: RegistryEntry): Promise<'written' | 'conflict'> {
    const attributes = { pk: flowName(this.#flow), sk: STATE_KEY, ...entry };
    const item = marshall(attributes, { removeUndefinedValues: true });
    return putVersioned(this.#client, this.#table, expected, item);
  }
}
