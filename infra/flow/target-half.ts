import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { flowName } from '../../shared/flow/flow.ts';
import { physicalName } from './names.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Name of a flow's offset map, known to both halves without asking. */
export function offsetMapName(props: ReplicationFlowProps): string {
  return physicalName(props.namePrefix ?? 'causeway', props.flow, 'offset-map');
}

/** What of a flow lives beside its target cluster, and is needed when the source region is lost. */
export class TargetHalf extends Construct {
  /** HEADs, runs, gap ledger and topic items. */
  readonly offsetMap: Table;

  constructor(scope: Construct, id: string, props: ReplicationFlowProps) {
    super(scope, id);
    const { offsetMapKeyArn, disposable = false } = props;
    this.offsetMap = new Table(this, 'OffsetMap', {
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
            encryptionKey: Key.fromKeyArn(this, 'Key', offsetMapKeyArn),
          }),
      deletionProtection: !disposable,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.offsetMap.node.addMetadata('causeway:flow', flowName(props.flow));
  }
}
