import { readFileSync } from 'node:fs';
import { z } from 'zod';

const brokerAddress = z.object({
  /** Kafka's `node.id`. */
  id: z.number().int(),
  host: z.string(),
  port: z.number().int(),
});

const user = z.object({ username: z.string(), password: z.string() });

/** Of a cluster with `secured`. Certificates and keys are PEM texts. */
const securedAddress = z.object({
  /** SASL_SSL: SCRAM-SHA-512, SCRAM-SHA-256 and PLAIN. */
  saslBootstrapServers: z.string(),
  /** SSL; a client must show a certificate of the authority. */
  tlsBootstrapServers: z.string(),
  /** The cluster's own, which a client must be told to trust. */
  certificateAuthority: z.string(),
  /** May do everything. */
  owner: user,
  /** May log in, and do what ACLs allow them. */
  users: z.array(user),
  /** With which a client is the owner, where TLS authenticates it. */
  ownerCertificate: z.object({ certificateChain: z.string(), privateKey: z.string() }),
});

const clusterAddress = z.object({
  /** The cluster's name in `mm2.properties`. */
  alias: z.string(),
  /** The AWS region that it stands in. */
  awsRegion: z.string(),
  /** What an event source mapping and `causeway.*.cluster.arn` name it by. */
  arn: z.string(),
  /** Without encryption and authentication; whoever connects there may do everything. */
  bootstrapServers: z.string(),
  secured: securedAddress.optional(),
  /** Empty for a cluster that was given from outside. */
  brokers: z.array(brokerAddress),
});

export const regionsAddress = z.object({
  runId: z.string(),
  /** The run's own folder: data, logs, and this file. */
  folder: z.string(),
  /** One endpoint for every service and every AWS region; absent when the run has no AWS. */
  awsEndpoint: z.url().optional(),
  clusters: z.array(clusterAddress),
});

export type BrokerAddress = Readonly<z.infer<typeof brokerAddress>>;
export type SecuredAddress = Readonly<z.infer<typeof securedAddress>>;
export type ClusterAddress = Readonly<z.infer<typeof clusterAddress>>;
/** Everything a client has to know about a run, as `region.json` in the run's folder says it. */
export type RegionsAddress = Readonly<z.infer<typeof regionsAddress>>;

/** @throws ZodError, SyntaxError or a file system error when there is no such file of this form */
export function readAddresses(path: string): RegionsAddress {
  return regionsAddress.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The account that LocalStack keeps everything under unless a key says otherwise. */
export const localAccount = '000000000000';

/** Keys that LocalStack and DynamoDB Local take. */
export const localCredentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** An MSK cluster's ARN, with the identifier part that MSK appends to the name. */
export function clusterArn(alias: string, awsRegion: string): string {
  return `arn:aws:kafka:${awsRegion}:${localAccount}:cluster/${alias}/00000000-0000-0000-0000-000000000000-1`;
}

/** The environment variables with which an AWS SDK, the CDK or cdklocal reaches a run's AWS. */
export function awsEnvironment(awsEndpoint: string, awsRegion: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ENDPOINT_URL_S3: awsEndpoint,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_REGION: awsRegion,
    AWS_DEFAULT_REGION: awsRegion,
    CDK_DEFAULT_ACCOUNT: localAccount,
    CDK_DEFAULT_REGION: awsRegion,
  };
}
