import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CausewayError } from '../../../flow/errors.ts';
import type { FlowPartition } from '../../../flow/flow.ts';
import type { Untold } from '../../../groups/committed-offsets.ts';
import { ClosedRuns, type Sought } from './closed-runs.ts';
import type { HeadFacts } from './head-facts.ts';
import { type ReadHead, readHeads } from './heads.ts';
import { openRunOf } from './partition-map.ts';
import { RunItemReader } from './run-items.ts';
import type { RunWindow } from './run-window.ts';

export interface Asked extends Sought {
  readonly key: string;
  readonly partition: FlowPartition;
}

export interface Found {
  readonly head: HeadFacts;
  readonly windows: readonly RunWindow[] | Untold;
  /** Nothing had to be asked for. */
  readonly fromMemory: boolean;
}

export interface ReadingOptions {
  readonly tableName: string;
  readonly patienceMs: number;
  readonly closedRunsMs: number;
  readonly signal: AbortSignal | undefined;
}

/** The requests of one `read`. */
export class Reading {
  readonly #client: DynamoDBClient;
  readonly #options: ReadingOptions;
  /** Ends the queries for closed runs, but not the reading. */
  readonly #queriesEnd: AbortSignal;
  readonly #items: RunItemReader;
  readonly #closed: ClosedRuns;
  #batches = 0;

  constructor(client: DynamoDBClient, options: ReadingOptions) {
    const { tableName, closedRunsMs, signal } = options;
    this.#client = client;
    this.#options = options;
    const budget = AbortSignal.timeout(closedRunsMs);
    this.#queriesEnd = signal ? AbortSignal.any([signal, budget]) : budget;
    this.#items = new RunItemReader(client, tableName);
    this.#closed = new ClosedRuns(this.#items);
  }

  get requests() {
    return { batchGetItem: this.#batches, query: this.#items.queries };
  }

  async heads(asked: readonly Asked[]): Promise<ReadonlyMap<string, ReadHead>> {
    const partitions = asked.map(({ partition }) => partition);
    const { heads, requests } = await readHeads(this.#client, partitions, this.#options);
    this.#batches += requests;
    return heads;
  }

  async closedRuns(
    { partition, ...sought }: Asked,
    head: HeadFacts,
    known: readonly RunWindow[],
  ): Promise<Found['windows']> {
    try {
      return await this.#closed.find(partition, openRunOf(head), known, sought, this.#queriesEnd);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (this.#queriesEnd.aborted) return { code: 'OFFSET_MAP_OUT_OF_TIME' };
      return { code: error instanceof CausewayError ? error.code : error.name };
    }
  }
}
