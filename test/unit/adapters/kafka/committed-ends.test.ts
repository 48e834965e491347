import { describe, expect, it } from 'vitest';
import { BrokerConnection } from '../../../../shared/adapters/kafka/broker-connection.ts';
import { KafkaCluster } from '../../../../shared/adapters/kafka/cluster.ts';
import { CommittedEnds } from '../../../../shared/adapters/kafka/committed-ends.ts';
import type { ClusterMetadata } from '../../../../shared/adapters/kafka/metadata.ts';
import { ListingBroker } from './listing-broker.ts';

const SETTINGS = {
  cluster: 'us-east',
  clientId: 'test',
  security: { protocol: 'PLAINTEXT' },
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
} as const;
const LONG_MS = 20_000;

/** `orders`, whose partition n is led by the n-th of the brokers. */
class LedBy extends KafkaCluster {
  readonly #brokers: readonly ListingBroker[];
  readonly #connections = new Map<number, Promise<BrokerConnection>>();

  constructor(...brokers: readonly ListingBroker[]) {
    super({ alias: 'us-east', bootstrapServers: ['127.0.0.1:1'] });
    this.#brokers = brokers;
  }

  override async metadata(): Promise<ClusterMetadata> {
    const partitions = this.#brokers.map((_, partition) => {
      return { partition, leader: partition, leaderEpoch: 0, replicas: [partition], inSyncReplicas: [partition] };
    });
    const topic = { name: 'orders', topicId: 'A', internal: false, partitions: new Map(partitions.entries()) };
    return {
      clusterId: '',
      controller: 0,
      racks: new Map(),
      brokers: new Map(),
      topics: new Map([['orders', topic]]),
      refused: new Map(),
    };
  }

  override connectionTo(leader: number): Promise<BrokerConnection> {
    const broker = this.#brokers[leader] ?? expect.fail(`no broker ${leader}`);
    const connection = this.#connections.get(leader) ?? BrokerConnection.open(broker.address, SETTINGS);
    this.#connections.set(leader, connection);
    return connection;
  }

  override async close(): Promise<void> {
    for (const each of this.#connections.values()) (await each).close();
  }
}

const soon = () => AbortSignal.timeout(LONG_MS);

describe('the ends of a source that is half dead', () => {
  it('are those of the leaders that answer, and a leader that owes an answer is not asked again', async () => {
    await using first = await ListingBroker.telling(0, 70n);
    await using second = await ListingBroker.telling(1, 80n);
    const cluster = new LedBy(first, second);
    const ends = new CommittedEnds('us-east', async () => cluster, Date.now);
    const ask = async (patienceMs: number) => {
      const { partitions, untold } = await ends.ask(['orders'], patienceMs, soon());
      return [partitions.map((each) => [each.partition, Number(each.committedEnd)]).sort(), Object.fromEntries(untold)];
    };
    expect(await ask(LONG_MS)).toEqual([
      [
        [0, 70],
        [1, 80],
      ],
      {},
    ]);

    second.hangs = true;
    expect(await ask(1)).toEqual([[[0, 70]], { KAFKA_DEADLINE_EXCEEDED: 1 }]);
    expect(await ask(1)).toEqual([[[0, 70]], { KAFKA_DEADLINE_EXCEEDED: 1 }]);
    expect([first.asked, second.asked]).toEqual([6, 4]);

    // The answer that it owed comes while it is waited for: it is a sign of life, and too old to tell where the log ends now.
    second.wake();
    await expect
      .poll(() => ask(LONG_MS))
      .toEqual([
        [
          [0, 70],
          [1, 80],
        ],
        {},
      ]);
    await cluster.close();
  });

  it('are awaited for as long as none answers, and given up when told to', async () => {
    await using broker = await ListingBroker.telling(0, 70n);
    broker.hangs = true;
    const cluster = new LedBy(broker);
    const ends = new CommittedEnds('us-east', async () => cluster, Date.now);

    await expect(ends.ask(['orders'], 1, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'KAFKA_DEADLINE_EXCEEDED',
    });
    const again = ends.ask(['orders'], 1, soon());
    broker.wake();

    expect((await again).untold).toEqual(new Map([['KAFKA_DEADLINE_EXCEEDED', 1]]));
    const { partitions } = await ends.ask(['orders'], LONG_MS, soon());
    expect(partitions).toMatchObject([{ topic: 'orders', partition: 0, topicId: 'A', committedEnd: 70, logEnd: 70 }]);
    await cluster.close();
  });

  it('are given up when told to, too, while secrets to log in with cannot be had', async () => {
    const ends = new CommittedEnds('us-east', () => new Promise(() => {}), Date.now);
    await expect(ends.ask(['orders'], 1, AbortSignal.timeout(10))).rejects.toMatchObject({
      code: 'KAFKA_DEADLINE_EXCEEDED',
    });
  });
});
