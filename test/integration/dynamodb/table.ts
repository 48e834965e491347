import { CreateTableCommand, DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { localCredentials } from '../../../local/region/addresses.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Head, Run } from '../../../shared/offsets/head.ts';
import { headWith } from '../../unit/offsets/head-with.ts';

/** A client of the local AWS, or of whatever stands in front of it. */
export function connect(endpoint: string, config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: 'us-west-2', credentials: localCredentials, ...config });
}

/** A table with the offset map's keys, under a name of its own unless one is given. */
export async function createTable(
  client: DynamoDBClient,
  TableName = `OffsetMap-${crypto.randomUUID()}`,
): Promise<string> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return TableName;
}

let topics = 0;

/** A partition that no other test uses. */
export function newPartition(): FlowPartition {
  const topic = `topic-${++topics}`;
  const flow = { source: 'us-east', target: 'us-west' };
  return { flow, topic, remoteTopic: `us-east.${topic}`, partition: 0, generation: 1 };
}

export function run(source: number, target: number, length: number): Run {
  return { source: sourceOffset(source), target: targetOffset(target), length };
}

export function head(version: number, changes: Partial<Head> = {}): Head {
  return headWith({
    version,
    sourceTopicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    targetTopicId: 'BBBBBBBBBBBBBBBBBBBBBB',
    producer: { producerId: 9_007_199_254_740_993n, epoch: 3 },
    nextSequence: 10,
    nextSource: sourceOffset(10),
    nextTarget: targetOffset(10),
    ...changes,
  });
}
