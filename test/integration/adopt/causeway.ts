import type { Kafka } from 'kafkajs';
import { awsEnvironment } from '../../../local/region/addresses.ts';
import { until } from '../../../local/region/until.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { encodeFlow } from '../../../shared/config/flow-json.ts';
import type { Flow } from '../../../shared/config/flow-schema.ts';
import { consumerGroup } from '../../../shared/reconcile/consumer-group.ts';
import { ExecutionEnvironment } from '../functions/replicate/execution-environment.ts';
import { deliveredRecord } from '../translation/delivered.ts';

const REPLICATED_WITHIN_MS = 60_000;

export interface CausewayOptions {
  readonly flow: Flow;
  readonly tableName: string;
  readonly awsEndpoint: string;
  readonly source: Kafka;
}

/** `replicate` in a process of its own, and the poller of one of its event source mappings. */
export class Causeway implements AsyncDisposable {
  readonly #options: CausewayOptions;
  readonly #replicate: ExecutionEnvironment;

  constructor(options: CausewayOptions) {
    const { flow, tableName, awsEndpoint } = options;
    this.#options = options;
    this.#replicate = new ExecutionEnvironment({
      ...awsEnvironment(awsEndpoint, 'us-east-1'),
      FLOW: packVariable(encodeFlow(flow)),
      OFFSET_MAP_TABLE: tableName,
      OFFSET_MAP_REGION: flow.target.region ?? '',
    });
  }

  /**
   * Polls with a mapping's group, from its commits on or, where it has none, from the log's start, until all up to these
   * ends is replicated.
   * @param ends of the source's log, by partition
   * @param groupId another one than that of the topic's mapping
   * @returns the first offset delivered of each partition
   * @throws what `replicate` reports
   */
  async replicate(
    topic: string,
    ends: ReadonlyMap<number, number>,
    groupId = this.#mappingGroup(topic),
  ): Promise<ReadonlyMap<number, number>> {
    const poller = this.#options.source.consumer({ groupId, maxWaitTimeInMs: 100 });
    const [first, next] = [new Map<number, number>(), new Map<number, number>()];
    let failed: unknown;
    await poller.connect();
    try {
      await poller.subscribe({ topic, fromBeginning: true });
      await poller.run({
        autoCommit: false,
        eachBatch: async ({ batch: { partition, messages } }) => {
          const [begin, last] = [messages[0], messages.at(-1)];
          if (begin === undefined || last === undefined || failed !== undefined) return;
          if (!first.has(partition)) first.set(partition, Number(begin.offset));
          const records = messages.map((message) => deliveredRecord(topic, partition, message));
          await this.#invoke(`${topic}-${partition}`, records).catch((error: unknown) => {
            failed ??= error;
          });
          next.set(partition, Number(last.offset) + 1);
        },
      });
      const missing = () => [...ends].filter(([partition, end]) => (next.get(partition) ?? 0) < end);
      await until(
        async () => failed !== undefined || missing().length === 0,
        REPLICATED_WITHIN_MS,
        () => new Error(`${topic}: not replicated to the end: ${JSON.stringify(missing())}`),
      );
    } finally {
      await poller.disconnect();
    }
    if (failed !== undefined) throw failed;
    return first;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#replicate[Symbol.asyncDispose]();
  }

  #mappingGroup(topic: string): string {
    const { source, target } = this.#options.flow;
    return consumerGroup({ source: source.alias, target: target.alias }, topic, 1);
  }

  async #invoke(name: string, records: readonly object[]): Promise<void> {
    const { error, response, log } = await this.#replicate.invoke({
      eventSource: 'aws:kafka',
      records: { [name]: records },
    });
    if (error) throw new Error(`${error.name}: ${error.message}`);
    if ((response?.batchItemFailures.length ?? 0) > 0) throw new Error(`${name}: ${JSON.stringify(log)}`);
  }
}
