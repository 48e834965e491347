import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { HeadStore, HeadWrite, HeadWriteOutcome } from '../../append/ports.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../../flow/offset.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import type { Head, Run } from '../../offsets/head.ts';
import { cutRun, fromTarget } from '../../offsets/runs.ts';
import type { MapPlace } from '../../verify/ports.ts';
import { OffsetMapCorrupt } from './errors.ts';
import { decodeHead, encodeHead } from './head-item.ts';
import { decodeHold, isNotHeld } from './hold-item.ts';
import { type Item, putVersioned, queryItems, versionIs } from './items.ts';
import { HEAD_KEY, ledgerKey, partitionKey, runKey } from './keys.ts';
import { packRuns, unpackRuns } from './packed-runs.ts';
import { pastConflicts } from './transaction-conflict.ts';

/** DynamoDB's limit for one transaction is 100 items. */
const MAX_REMOVED_ITEMS = 90;
/** Of a query for one: its neighbours are rarely needed. */
const FEW_ITEMS = 4;
/** Beyond every one. */
const LAST_RUN_KEY = 'RUN#~';

export interface OffsetMapOptions {
  readonly tableName: string;
  /** Seconds after which a closed run may go: the topic's retention and a margin. Undefined: never. */
  readonly runTtlSeconds?: number;
}

/**
 * The offset map in DynamoDB. HEAD alone is one conditional put; with runs, ledger entries or a cut it is one
 * transaction, so that the map never tells half of what happened.
 */
export class DynamoDbOffsetMap implements HeadStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #runTtlSeconds: number | undefined;

  constructor(client: DynamoDBClient, options: OffsetMapOptions) {
    this.#client = client;
    this.#table = options.tableName;
    this.#runTtlSeconds = options.runTtlSeconds;
  }

  /** @throws OffsetMapCorrupt when the item is not one of Causeway's; the SDK's errors when the table does not answer */
  async read(partition: FlowPartition): Promise<Head | undefined> {
    const get = new GetItemCommand({ ...this.#headOf(partition), ConsistentRead: true });
    return this.#decode(partition, (await this.#client.send(get)).Item);
  }

  /**
   * As `read`, but also waits for a transaction under way that writes HEAD. A plain read may miss one of which other items
   * are there to be seen already: by it nobody can say that a partition was not begun before its flow was held.
   */
  async readSettled(partition: FlowPartition): Promise<Head | undefined> {
    const get = new TransactGetItemsCommand({ TransactItems: [{ Get: this.#headOf(partition) }] });
    const { Responses } = await pastConflicts(() => this.#client.send(get));
    return this.#decode(partition, Responses?.[0]?.Item);
  }

  #headOf(partition: FlowPartition) {
    return { TableName: this.#table, Key: marshall({ pk: partitionKey(partition), sk: HEAD_KEY }) };
  }

  #decode(partition: FlowPartition, Item: Item | undefined): Head | undefined {
    if (!Item) return undefined;
    try {
      const { pk: _pk, sk: _sk, ...attributes } = unmarshall(Item);
      return decodeHead(attributes);
    } catch (error) {
      throw new OffsetMapCorrupt(partition, HEAD_KEY, error);
    }
  }

  async write(partition: FlowPartition, expected: number, write: HeadWrite): Promise<HeadWriteOutcome> {
    const Item = this.#item(partition, HEAD_KEY, encodeHead(write.head));
    const others = await this.#others(partition, write);
    const put = { Put: { TableName: this.#table, Item, ...versionIs(expected) } };
    if (expected === 0) return this.#begin(partition, [put, isNotHeld(this.#table, partition.flow), ...others]);
    if (others.length === 0) return putVersioned(this.#client, this.#table, expected, Item);
    try {
      await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [put, ...others] }));
      return 'written';
    } catch (error) {
      if (failedChecks(error)[0]) return 'conflict';
      throw error;
    }
  }

  /** HEAD comes first, then that its flow is not held: in one transaction, as a runbook counts on finding every HEAD. */
  async #begin(partition: FlowPartition, TransactItems: TransactWriteItem[]): Promise<HeadWriteOutcome> {
    try {
      await pastConflicts(() => this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
      return 'written';
    } catch (error) {
      const [head, hold] = failedChecks(error);
      if (head) return 'conflict';
      if (hold?.Item) return { kind: 'held', hold: decodeHold(partition.flow, hold.Item) };
      throw error;
    }
  }

  /** All runs of a partition, the open one too, in order. */
  async runs(partition: FlowPartition): Promise<Run[]> {
    const [head, items] = await Promise.all([this.read(partition), this.#runItems(partition, runKey(0))]);
    const closed = items.flatMap((item) => this.#unpack(partition, item));
    return head?.openRun ? [...closed, head.openRun] : closed;
  }

  /**
   * The runs that can no longer grow, in order, page after page as they are asked for.
   * @param from all that reach beyond it on either side are among them. @default from the first one on
   */
  async *closedRuns(partition: FlowPartition, from?: MapPlace): AsyncGenerator<Run> {
    const first = from && (await this.#runKeyBelow(partition, from));
    for await (const item of queryItems(this.#client, this.#runQuery(partition, first ?? runKey(0))))
      yield* this.#unpack(partition, item);
  }

  /** Of the last item whose runs begin at or below both offsets. */
  async #runKeyBelow(partition: FlowPartition, { source, target }: MapPlace): Promise<string | undefined> {
    for await (const item of this.#runItemsBackwards(partition, { to: runKey(source), Limit: FEW_ITEMS })) {
      const [first] = this.#unpack(partition, item);
      if (first !== undefined && first.target <= target) return item.sk?.S;
    }
    return undefined;
  }

  /** Read from the end, as far back as needed. */
  async runsFrom(partition: FlowPartition, target: TargetOffset): Promise<Run[]> {
    const found: Run[][] = [];
    for await (const item of this.#runItemsBackwards(partition)) {
      const runs = this.#unpack(partition, item);
      found.unshift(fromTarget(runs, target));
      if ((runs[0]?.target ?? 0) <= target) break;
    }
    return found.flat();
  }

  async #others(partition: FlowPartition, { closed, ledger, cutFrom }: HeadWrite): Promise<TransactWriteItem[]> {
    const items = ledger.map((entry) => this.#put(this.#ledgerItem(partition, entry)));
    const runs = cutFrom === undefined ? new Map<string, TransactWriteItem>() : await this.#cut(partition, cutFrom);
    const [first] = closed;
    // In place of what the cut takes away, where it begins at the same offset: a transaction has an item only once.
    if (first) runs.set(runKey(first.source), this.#put(this.#runsItem(partition, first, closed)));
    return [...items, ...runs.values()];
  }

  /** What it takes for no stored run to reach `cutFrom`, by sort key. */
  async #cut(partition: FlowPartition, cutFrom: SourceOffset): Promise<Map<string, TransactWriteItem>> {
    const last = await this.#runItemBefore(partition, runKey(cutFrom));
    const beyond = await this.#runItems(partition, runKey(cutFrom));
    if (beyond.length > MAX_REMOVED_ITEMS) {
      throw new OffsetMapCorrupt(partition, runKey(cutFrom), new Error('too many runs to cut back at once'));
    }
    const changes = new Map<string, TransactWriteItem>(
      beyond.map(({ pk = { NULL: true }, sk = { NULL: true } }) => [
        sk.S ?? '',
        { Delete: { TableName: this.#table, Key: { pk, sk } } },
      ]),
    );
    if (!last) return changes;
    const kept = this.#unpack(partition, last).flatMap((run) => cutRun(run, cutFrom) ?? []);
    const [first] = kept;
    if (first) changes.set(runKey(first.source), this.#put(this.#runsItem(partition, first, kept)));
    return changes;
  }

  async #runItems(partition: FlowPartition, from: string): Promise<Item[]> {
    return Array.fromAsync(queryItems(this.#client, this.#runQuery(partition, from)));
  }

  #runQuery(partition: FlowPartition, from: string, to = LAST_RUN_KEY) {
    return {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: marshall({ ':pk': partitionKey(partition), ':from': from, ':to': to }),
    };
  }

  async #runItemBefore(partition: FlowPartition, key: string): Promise<Item | undefined> {
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: marshall({ ':pk': partitionKey(partition), ':from': runKey(0), ':to': key }),
        ScanIndexForward: false,
        // The item at `key` itself comes first where there is one.
        Limit: 2,
      }),
    );
    return Items?.find((item) => item.sk?.S !== key);
  }

  #runItemsBackwards(
    partition: FlowPartition,
    { to = LAST_RUN_KEY, ...page }: { readonly to?: string; readonly Limit?: number } = {},
  ): AsyncGenerator<Item> {
    return queryItems(this.#client, { ...this.#runQuery(partition, runKey(0), to), ...page, ScanIndexForward: false });
  }

  #unpack(partition: FlowPartition, item: Item): Run[] {
    const { sk, runs } = unmarshall(item);
    try {
      return unpackRuns(runs);
    } catch (error) {
      throw new OffsetMapCorrupt(partition, String(sk), error);
    }
  }

  #runsItem(partition: FlowPartition, first: Run, runs: readonly Run[]): Item {
    const ttl = this.#runTtlSeconds;
    const expiresAt = ttl === undefined ? {} : { expiresAt: Math.floor(Date.now() / 1000) + ttl };
    return this.#item(partition, runKey(first.source), { runs: packRuns(runs), ...expiresAt });
  }

  #ledgerItem(partition: FlowPartition, entry: LedgerEntry): Item {
    // A log may be cut at one offset more than once.
    const isCut = entry.kind === 'source-divergence' || entry.kind === 'target-divergence';
    const kind = isCut ? `${entry.kind}#${entry.at}` : entry.kind;
    return this.#item(partition, ledgerKey(entry.from, kind), { ...entry });
  }

  #item(partition: FlowPartition, sk: string, attributes: Readonly<Record<string, unknown>>): Item {
    return marshall({ pk: partitionKey(partition), sk, ...attributes }, { removeUndefinedValues: true });
  }

  #put(Item: Item): TransactWriteItem {
    return { Put: { TableName: this.#table, Item } };
  }
}

/** By their place in the transaction, that on HEAD first; undefined: what is asked there is so. */
function failedChecks(error: unknown): (CancellationReason | undefined)[] {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  return reasons.map((reason) => (reason.Code === 'ConditionalCheckFailed' ? reason : undefined));
}
