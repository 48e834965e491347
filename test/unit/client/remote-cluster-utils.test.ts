import { describe, expect, test } from 'vitest';
import { MirrorClient } from '../../../shared/client/mirror-client.ts';
import { RemoteClusterUtils } from '../../../shared/client/remote-cluster-utils.ts';
import { defaultPolicy } from '../../../shared/policy/default-policy.ts';
import { checkpoint, NamedTopics } from './topics.ts';

const TOPICS = ['heartbeats', 'A.heartbeats', 'A.checkpoints.internal', 'A.orders'];

function scene() {
  const cluster = new NamedTopics(TOPICS, { records: [checkpoint('billing', 3, 51)], complete: true });
  const opened: string[] = [];
  const utils = new RemoteClusterUtils(async (properties: string) => {
    opened.push(properties);
    return new MirrorClient(cluster, defaultPolicy('.', '.'));
  });
  return { cluster, opened, utils };
}

describe('a question to a cluster', () => {
  test.each<[string, (utils: RemoteClusterUtils<string>) => Promise<unknown>, unknown]>([
    ['hops', (utils) => utils.replicationHops('broker:9092', 'A'), 1],
    ['heartbeats topics', (utils) => utils.heartbeatTopics('broker:9092'), new Set(['heartbeats', 'A.heartbeats'])],
    ['checkpoints topics', (utils) => utils.checkpointTopics('broker:9092'), new Set(['A.checkpoints.internal'])],
    ['upstream clusters', (utils) => utils.upstreamClusters('broker:9092'), new Set(['A'])],
    [
      'offsets',
      (utils) => utils.translateOffsets('broker:9092', 'A', 'billing', 100),
      { offsets: [{ topic: 'us-east.orders', partition: 3, offset: 51, metadata: '' }], complete: true, skipped: 0 },
    ],
  ])('opens a client, gets its answer and closes it: %s', async (_, ask, answer) => {
    const { cluster, opened, utils } = scene();

    expect(await ask(utils)).toEqual(answer);
    expect({ opened, closed: cluster.closed }).toEqual({ opened: ['broker:9092'], closed: 1 });
  });

  test('closes the client also when it fails', async () => {
    const { cluster, utils } = scene();
    cluster.listTopics = () => Promise.reject(new Error('no broker answers'));

    await expect(utils.heartbeatTopics('broker:9092')).rejects.toThrow('no broker answers');
    expect(cluster.closed).toBe(1);
  });
});
