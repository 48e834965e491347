import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../infra/flow/names.ts';
import { DynamoDbOffsetMap } from '../../shared/adapters/dynamodb/head-store.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import { toSource, toTarget } from '../../shared/offsets/translate.ts';
import { localCredentials, type RegionsAddress } from '../region/addresses.ts';
import type { Translation } from './proof.ts';

/** The deployed flow's offset map, read from its table in the target region. */
export function openOffsetMap({ clusters, awsEndpoint }: RegionsAddress) {
  const [source, target] = clusters;
  if (!source || !target || !awsEndpoint) throw new Error('an offset map needs two clusters and an AWS endpoint');
  const client = new DynamoDBClient({ region: target.awsRegion, endpoint: awsEndpoint, credentials: localCredentials });
  const flow = flowOf({ source, target });
  const tableName = physicalName('causeway', flow, 'offset-map');
  const heads = new DynamoDbOffsetMap(client, { tableName });
  const registry = new DynamoDbTopicRegistry(client, tableName, flow);
  return {
    async translation(topic: string, partition: number): Promise<Translation> {
      const item = await registry.read(topic);
      if (!item) throw new Error(`${topic} is not in the offset map's table`);
      const { remoteTopic, generation } = item;
      const place = { flow, topic, remoteTopic, partition, generation };
      const [head, runs] = await Promise.all([heads.read(place), heads.runs(place)]);
      // A partition that never got a record has no HEAD.
      if (!head) return { forward: () => 0, backward: () => 0 };
      return {
        forward: (offset) => toTarget(runs, head, sourceOffset(offset)).offset,
        backward: (offset) => toSource(runs, head, targetOffset(offset)).offset,
      };
    },
  };
}
