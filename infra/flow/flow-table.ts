import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import type { ReplicationFlowProps } from './props.ts';

/** A table of one flow's own, under the flow's key. It outlives its stack unless the flow was called disposable. */
export function makeFlowTable(
  scope: Construct,
  id: string,
  props: ReplicationFlowProps,
  own: Pick<TableProps, 'tableName' | 'timeToLiveAttribute'>,
): Table {
  const { offsetMapKeyArn, disposable = false } = props;
  const table = new Table(scope, id, {
    ...own,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    ...(offsetMapKeyArn === undefined
      ? { encryption: TableEncryption.AWS_MANAGED }
      : {
          encryption: TableEncryption.CUSTOMER_MANAGED,
          encryptionKey: Key.fromKeyArn(scope, id === 'OffsetMap' ? 'Key' : `${id}Key`, offsetMapKeyArn),
        }),
    deletionProtection: !disposable,
    removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  table.node.addMetadata('causeway:flow', flowName(props.flow));
  return table;
}
