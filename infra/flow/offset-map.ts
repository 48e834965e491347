import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { makeFlowTable } from './flow-table.ts';
import { offsetMapName } from './names.ts';
import type { ReplicationFlowProps } from './props.ts';

/** HEADs, runs, gap ledger and topic items: without them a flow cannot tell what it has copied. */
export function makeOffsetMap(scope: Construct, props: ReplicationFlowProps): Table {
  return makeFlowTable(scope, 'OffsetMap', props, {
    tableName: offsetMapName(props),
    timeToLiveAttribute: 'expiresAt',
  });
}

/** The same from another region's stack, by its name. */
export function offsetMapArn(scope: Construct, props: ReplicationFlowProps): string {
  return Stack.of(scope).formatArn({
    service: 'dynamodb',
    region: props.target.region,
    resource: 'table',
    resourceName: offsetMapName(props),
  });
}
