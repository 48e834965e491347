import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ReplicationFlowProps } from '../props.ts';

/**
 * Where reports of runs are kept: for good, and every version of them, because they are evidence. It outlives its stack
 * unless the flow was called disposable. Its name is CloudFormation's choice: names of buckets are everybody's.
 */
export function makeReportBucket(scope: Construct, { disposable = false }: ReplicationFlowProps): Bucket {
  const bucket = new Bucket(scope, 'Reports', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: !disposable,
    removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Some reports a year, written by one function: CloudTrail has who read them, a log bucket would be larger.',
  });
  return bucket;
}
