import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { offsetMapName } from './names.ts';
import type { ReplicationFlowProps } from './props.ts';

/** The table of one flow's own. It outlives its stack, because without it a flow cannot tell what it has copied. */
export function makeOffsetMap(scope: Construct, props: ReplicationFlowProps): Table {
  const { offsetMapKeyArn, disposable = false } = props;
  const table = new Table(scope, 'OffsetMap', {
    tableName: offsetMapName(props),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    ...(offsetMapKeyArn === undefined
      ? { encryption: TableEncryption.AWS_MANAGED }
      : {
          encryption: TableEncryption.CUSTOMER_MANAGED,
          encryptionKey: Key.fromKeyArn(scope, 'Key', offsetMapKeyArn),
        }),
    deletionProtection: !disposable,
    removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  table.node.addMetadata('causeway:flow', flowName(props.flow));
  return table;
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
