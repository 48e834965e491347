import { describe, expect, it } from 'vitest';
import { ClusterAdmin } from '../../../../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../../../../shared/adapters/kafka/cluster.ts';
import { FakeBroker } from './fake-broker.ts';

async function listTopicsOf(broker: FakeBroker): Promise<unknown> {
  const cluster = new KafkaCluster({ alias: 'old', bootstrapServers: [broker.address] });
  try {
    return await new ClusterAdmin(cluster).listTopics();
  } finally {
    await cluster.close();
  }
}

describe('a broker that is too old', () => {
  it.each([
    ['offers only older versions', { 3: [0, 8] as const }, 'offers Metadata 0 to 8, not 11'],
    ['has no such request', {}, 'does not offer Metadata'],
  ])('is named when it %s', async (_name, versions, found) => {
    await using broker = await FakeBroker.offering(versions);
    const listing = listTopicsOf(broker);
    await expect(listing).rejects.toMatchObject({ code: 'KAFKA_UNSUPPORTED_BROKER', retriable: false });
    await expect(listing).rejects.toThrow(`Broker ${broker.address} of cluster old ${found}`);
  });

  it('is named when it does not know how to tell its versions', async () => {
    await using broker = await FakeBroker.answeringError(35);
    await expect(listTopicsOf(broker)).rejects.toThrow('is older than Kafka 2.4');
  });
});
