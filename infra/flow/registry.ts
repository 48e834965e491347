import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { makeFlowTable } from './flow-table.ts';
import { DEFAULT_PREFIX, physicalName } from './names.ts';
import type { ReplicationFlowProps } from './props.ts';

/**
 * Which cluster the flow's applications use, the runbook that moves them, what runbooks did, and where the source's
 * topics were seen to end.
 */
export function makeRegistry(scope: Construct, props: ReplicationFlowProps): Table {
  return makeFlowTable(scope, 'Registry', props, {
    tableName: registryName(props),
    // Dry runs, which a schedule makes.
    timeToLiveAttribute: 'expiresAt',
  });
}

export function registryName({ namePrefix = DEFAULT_PREFIX, flow }: ReplicationFlowProps): string {
  return physicalName(namePrefix, flow, 'registry');
}

export function registryArn(scope: Construct, props: ReplicationFlowProps): string {
  const own = {
    service: 'dynamodb',
    region: props.target.region,
    resource: 'table',
    resourceName: registryName(props),
  };
  return Stack.of(scope).formatArn(own);
}
