import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, inject } from 'vitest';
import type { FlowId } from '../../../../../shared/flow/flow.ts';
import { connect, createTable } from '../../../dynamodb/table.ts';

/** Address of the local AWS. */
export function awsEndpoint(): string {
  const { awsEndpoint } = inject('regions');
  if (awsEndpoint === undefined) throw new Error('this test needs the AWS part of the regions');
  return awsEndpoint;
}

/** A registry table for the tests of a file. */
export function registryTable(): { readonly client: DynamoDBClient; readonly tableName: string } {
  const client = connect(awsEndpoint());
  const tableName = `registry-${randomUUID()}`;
  beforeAll(async () => {
    await createTable(client, tableName);
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: tableName });
  });
  afterAll(() => client.destroy());
  return { client, tableName };
}

/** A flow that no other test uses. */
export function newFlow(): FlowId {
  return { source: 'us-east', target: randomUUID() };
}
