import { logLevel } from 'kafkajs';
import { createFailoverKafka } from '../../shared/client/failover/create.ts';
import type { FailoverKafka } from '../../shared/client/failover/failover-kafka.ts';
import { dynamoDbRegistry } from '../../shared/client/failover/registry/dynamodb.ts';
import { configOf } from '../kafka/clients.ts';
import { localCredentials, type RegionsAddress } from '../region/addresses.ts';
import { until } from '../region/until.ts';
import { type GroupVerdict, Ledger } from './ledger.ts';
import { type GroupReader, Reader } from './reader.ts';
import { KEY_AND_NUMBER } from './records.ts';
import { Writers, type WritersOptions } from './writers.ts';

export interface ApplicationsOptions extends WritersOptions {
  readonly groups: readonly string[];
}

const FIRST_RECORDS_MS = 60_000;

/** A user's applications: they write and read through `createFailoverKafka`, and know nothing else of the replicator. */
export class Applications implements AsyncDisposable {
  readonly ledger = new Ledger();
  readonly writers: Writers;
  readonly kafka: FailoverKafka;
  readonly #readers: readonly Reader[];
  readonly #beside: GroupReader[] = [];
  readonly #options: ApplicationsOptions;
  readonly #connected: () => Promise<void>;

  constructor({ clusters, awsEndpoint }: RegionsAddress, options: ApplicationsOptions) {
    const [source, target] = clusters;
    if (source === undefined || target === undefined || awsEndpoint === undefined)
      throw new Error('applications need two clusters and an AWS endpoint');
    this.#options = options;
    this.kafka = createFailoverKafka({
      flow: { source: source.alias, target: target.alias },
      clusters: { [source.alias]: configOf(source), [target.alias]: configOf(target) },
      registry: dynamoDbRegistry({
        region: target.awsRegion,
        client: { endpoint: awsEndpoint, credentials: localCredentials },
      }),
      clientId: 'applications',
      logLevel: logLevel.NOTHING,
    });
    const producer = this.kafka.producer();
    this.#connected = () => producer.connect();
    this.writers = new Writers(producer, this.ledger, options);
    const { records = KEY_AND_NUMBER } = options;
    this.#readers = options.groups.map((groupId) => {
      const consumer = this.kafka.consumer({ groupId, topicRefreshMs: 5_000 });
      return new Reader(groupId, consumer, this.ledger, records);
    });
  }

  /** Those of the groups, and those beside them. */
  get readers(): readonly GroupReader[] {
    return [...this.#readers, ...this.#beside];
  }

  /** Others that read what is written, by means of their own: from now on they are waited for, and judged, as all are. */
  readBeside(readers: readonly GroupReader[]): void {
    this.#beside.push(...readers);
  }

  /**
   * Ends once every group has read something.
   *
   * @param written topics to begin with, of those that are read; default all
   */
  async start(written?: readonly string[]): Promise<void> {
    await this.#connected();
    this.writers.start(written);
    await Promise.all(this.#readers.map((reader) => reader.start(this.#options.topics)));
    await until(
      async () => this.readers.every(({ read }) => read.size > 0),
      FIRST_RECORDS_MS,
      () => new Error(`not every group has read a record after ${FIRST_RECORDS_MS / 1_000} s`),
    );
  }

  /** Stops writing, and waits until every group has read all that was acknowledged, or has not got on for a while. */
  async finish(patienceMs: number): Promise<readonly GroupVerdict[]> {
    await this.writers.stop();
    const left = () => this.readers.reduce((sum, { group }) => sum + this.ledger.left(group), 0);
    let [before, since] = [left(), Date.now()];
    while (before > 0 && Date.now() - since < patienceMs) {
      const now = await changed(before, left, patienceMs);
      if (now !== before) since = Date.now();
      before = now;
    }
    return this.readers.map(({ group }) => this.ledger.verdict(group));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kafka.close();
  }
}

async function changed(before: number, left: () => number, patienceMs: number): Promise<number> {
  await until(
    async () => left() !== before,
    patienceMs,
    () => new Error('nothing more is read'),
  ).catch(() => {});
  return left();
}
