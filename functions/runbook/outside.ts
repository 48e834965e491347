import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../shared/append/ports.ts';
import { systemClock } from '../clock.ts';

/** The AWS clients that the function is made of. */
export type AwsClient = DynamoDBClient | LambdaClient | S3Client | SFNClient | SSMClient;

/** What stands between the function and the world. Its clusters are reached by what its flow says of them. */
export interface Outside {
  readonly clock: Clock;
  /** Is handed every client before it is first used. */
  readonly through: <T extends AwsClient>(client: T) => T;
}

/** Nothing. */
export const OUTSIDE: Outside = { clock: systemClock, through: (client) => client };
