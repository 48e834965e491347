import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import type { RunJournal } from '../../../runbook/registry/ports.ts';
import { type RunBeginning, type RunEnd, RunOutcome, type RunSummary } from '../../../runbook/registry/run-summary.ts';
import type { StageRecord } from '../../../runbook/stage.ts';
import type { StepName } from '../../../runbook/stages.ts';
import { getItem, type Item, queryItems } from '../items.ts';
import { JournalCorrupt } from './errors.ts';
import { DRY_RUN_PREFIX, dryRunKey, generationOf, runKey, stageKey, stageKeys } from './journal-keys.ts';
import { decodeStage, encodeStage } from './stage-item.ts';
import { decodeSummary } from './summary-item.ts';

/** Items of one BatchGetItem (DynamoDB's limit). */
const BATCH = 100;
/** Dry runs are made by a schedule: their items may go after this (attribute `expiresAt`, the table's time to live). */
const DRY_RUN_KEPT_SECONDS = 30 * 24 * 3600;

type Attributes = Record<string, NativeAttributeValue>;

export interface RunJournalOptions {
  readonly tableName: string;
  readonly flow: FlowId;
  /** Execution of the dry run whose journal this is: its generation is 0. */
  readonly dryRun?: string;
}

/**
 * In the registry table of a flow: partition key `<source>-><target>`, sort keys `RUN#<generation>` for a run and
 * `RUN#<generation>#<number>-<stage>` for its stages; of dry runs `DRY#<execution>` in place of `RUN#<generation>`. Reads
 * are strongly consistent. All methods throw the SDK's errors when the table does not answer, and those that read
 * JournalCorrupt.
 */
export class DynamoDbRunJournal implements RunJournal {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #flow: FlowId;
  readonly #dryRun: string | undefined;

  constructor(client: DynamoDBClient, { tableName, flow, dryRun }: RunJournalOptions) {
    this.#client = client;
    this.#table = tableName;
    this.#flow = flow;
    this.#dryRun = dryRun;
  }

  async stage(generation: number, stage: StepName): Promise<StageRecord | undefined> {
    const Key = this.#key(stageKey(this.#run(generation), stage));
    const Item = await getItem(this.#client, this.#table, Key);
    return Item && this.#decode(Item, decodeStage);
  }

  async record(record: StageRecord): Promise<void> {
    const sk = stageKey(this.#run(record.generation), record.stage);
    const Item = this.#item(sk, { ...encodeStage(record), ...expiryOf(record) });
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async run(generation: number): Promise<readonly StageRecord[]> {
    const { from, to } = stageKeys(this.#run(generation));
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: marshall({ ':pk': this.#pk, ':from': from, ':to': to }),
    };
    const records: StageRecord[] = [];
    for await (const item of queryItems(this.#client, query)) records.push(this.#decode(item, decodeStage));
    return records.toSorted((a, b) => a.startedAt - b.startedAt);
  }

  async beginRun(run: RunBeginning): Promise<void> {
    const Item = this.#item(this.#run(run.generation), { ...run, outcome: RunOutcome.Running, ...expiryOf(run) });
    const put = new PutItemCommand({ TableName: this.#table, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    await unlessConditionFails(this.#client.send(put));
  }

  async endRun(generation: number, { outcome, endedAt, stoppedAt }: RunEnd): Promise<void> {
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: this.#key(this.#run(generation)),
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: `SET outcome = :outcome, endedAt = :endedAt ${stoppedAt ? ', stoppedAt = :stage' : 'REMOVE stoppedAt'}`,
      ExpressionAttributeValues: marshall({
        ':outcome': outcome,
        ':endedAt': endedAt,
        ...(stoppedAt && { ':stage': stoppedAt }),
      }),
    });
    await unlessConditionFails(this.#client.send(update));
  }

  async runs(limit: number, before?: number): Promise<readonly RunSummary[]> {
    const found: RunSummary[] = [];
    let next = before === undefined ? await this.#newest() : before - 1;
    // Generations follow each other: a query would read the stages too, evidence and all.
    while (next > 0 && found.length < limit) {
      const last = Math.max(1, next - Math.min(BATCH, limit - found.length) + 1);
      found.push(...(await this.#summaries(last, next)));
      next = last - 1;
    }
    return found;
  }

  async dryRuns(limit: number): Promise<readonly RunSummary[]> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :dry)',
      // What tells a run from a stage.
      FilterExpression: 'attribute_exists(dryRun)',
      ExpressionAttributeValues: marshall({ ':pk': this.#pk, ':dry': DRY_RUN_PREFIX }),
    };
    const found: RunSummary[] = [];
    for await (const item of queryItems(this.#client, query)) found.push(this.#decode(item, decodeSummary));
    return found.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, limit);
  }

  /** The generation of the newest item of a run; 0 when there is none. */
  async #newest(): Promise<number> {
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :run)',
        ExpressionAttributeValues: marshall({ ':pk': this.#pk, ':run': 'RUN#' }),
        ProjectionExpression: 'sk',
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const key = Items?.[0]?.sk?.S;
    return key === undefined ? 0 : generationOf(key);
  }

  /** From `newest` down to `oldest`, at most a batch of them. */
  async #summaries(oldest: number, newest: number): Promise<RunSummary[]> {
    let keys: Item[] = [];
    for (let generation = newest; generation >= oldest; generation--) keys.push(this.#key(runKey(generation)));
    const found: RunSummary[] = [];
    while (keys.length > 0) {
      const RequestItems = { [this.#table]: { Keys: keys, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.#client.send(new BatchGetItemCommand({ RequestItems }));
      for (const item of Responses?.[this.#table] ?? []) found.push(this.#decode(item, decodeSummary));
      keys = UnprocessedKeys?.[this.#table]?.Keys ?? [];
    }
    return found.toSorted((a, b) => b.generation - a.generation);
  }

  #run(generation: number): string {
    if (generation > 0) return runKey(generation);
    if (this.#dryRun === undefined) throw new RangeError('generation 0 is of dry runs, and this journal is not of one');
    return dryRunKey(this.#dryRun);
  }

  get #pk(): string {
    return flowName(this.#flow);
  }

  #key(sk: string): Item {
    return marshall({ pk: this.#pk, sk });
  }

  #item(sk: string, attributes: Readonly<Record<string, unknown>>): Item {
    return marshall({ pk: this.#pk, sk, ...attributes }, { removeUndefinedValues: true });
  }

  #decode<T>(item: Item, decode: (attributes: Attributes) => T): T {
    const attributes = unmarshall(item);
    try {
      return decode(attributes);
    } catch (error) {
      throw new JournalCorrupt(this.#flow, String(attributes.sk), error);
    }
  }
}

function expiryOf({ generation, startedAt }: Pick<RunSummary, 'generation' | 'startedAt'>) {
  return generation > 0 ? {} : { expiresAt: Math.floor(startedAt / 1000) + DRY_RUN_KEPT_SECONDS };
}

async function unlessConditionFails(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
