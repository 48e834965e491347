import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../../../infra/flow/names.ts';
import { type FlowId, flowName } from '../../../flow/flow.ts';
import type { RegistrySource } from './source.ts';

export interface DynamoDbRegistryOptions {
  /** Of the flow's target, where the table is. */
  readonly region: string;
  /** Default `causeway-<source>-to-<target>-registry`, as a deployment without a prefix has it. */
  readonly tableName?: string;
  /** Credentials, an endpoint; default: the AWS SDK's. */
  readonly client?: Omit<DynamoDBClientConfig, 'region'>;
}

/** Sort key of the entry under the flow's name. */
const STATE_KEY = 'STATE';

/**
 * The registry's table, read strongly consistently: the first to know. Needs `dynamodb:GetItem` on it. The AWS SDK is loaded
 * at the first reading.
 */
export function dynamoDbRegistry(options: DynamoDbRegistryOptions): RegistrySource {
  let opened: Promise<DynamoDBClient> | undefined;
  const open = async () => {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    return new DynamoDBClient({ ...options.client, region: options.region });
  };
  return {
    async read(flow: FlowId, signal: AbortSignal): Promise<unknown> {
      opened ??= open();
      const [client, { GetItemCommand }, { marshall, unmarshall }] = await Promise.all([
        opened,
        import('@aws-sdk/client-dynamodb'),
        import('@aws-sdk/util-dynamodb'),
      ]);
      const TableName = options.tableName ?? physicalName('causeway', flow, 'registry');
      const Key = marshall({ pk: flowName(flow), sk: STATE_KEY });
      const command = new GetItemCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await client.send(command, { abortSignal: signal });
      return Item && unmarshall(Item);
    },
    async close(): Promise<void> {
      (await opened)?.destroy();
    },
  };
}
