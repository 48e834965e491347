import type { FlowId } from '../../shared/flow/flow.ts';
import type { AlarmSettings } from '../../shared/metrics/alarms.ts';
import type { StartPosition } from '../../shared/reconcile/mapping.ts';
import type { FlowRunbooks, ReverseFlow } from './runbooks/props.ts';

/** How clients log in to a cluster. */
export const Authentication = {
  None: 'none',
  /** Encrypted, clients not authenticated. */
  Tls: 'tls',
  /** Client certificates; the secret holds certificate and key. */
  MutualTls: 'mutual-tls',
  Plain: 'plain',
  Scram256: 'scram-sha-256',
  Scram512: 'scram-sha-512',
  Iam: 'iam',
} as const;
export type Authentication = (typeof Authentication)[keyof typeof Authentication];

/** An existing VPC, named by ids: nothing is looked up in an account at synthesis. */
export interface FlowVpc {
  /** Needed to make a security group in it. */
  readonly vpcId?: string;
  /** Private subnets with a route to both clusters and to the AWS APIs; two or more, in different zones. */
  readonly subnetIds: readonly string[];
  /** @default a group is made that may reach the clusters' broker ports and port 443, and nothing else */
  readonly securityGroupIds?: readonly string[];
}

/** Whoever signed the certificates of a cluster's brokers, where it is no public authority. */
export interface CertificateAuthority {
  /**
   * ARN of the Secrets Manager secret that has the authorities' certificates, PEM, as its member `certificate`. A
   * self-managed source needs it: Lambda's pollers read it there.
   */
  readonly secretArn?: string;
}

/**
 * ARNs of the secrets, SSM parameters and roles (`awsRoleArn`) that the functions log in with, by what they do. A secret
 * known by its name is `...:secret:<name>-??????`.
 */
export interface ReferencedArns {
  /** Of `replicate`, which reads the source and writes to the target. */
  readonly data: readonly string[];
  /** Of `reconcile`, which looks after topics. */
  readonly admin: readonly string[];
  /** Of `checkpoint`, `heartbeat`, `translate` and `runbook`, which run in the target's region. */
  readonly besideTarget: readonly string[];
}

export interface FlowCluster {
  /** Where the half of the flow that belongs to this cluster is deployed, e.g. `us-east-1`. */
  readonly region: string;
  /** `host:port` of two or more brokers. */
  readonly bootstrapServers: readonly string[];
  /** @default Authentication.None */
  readonly authentication?: Authentication;
  /** ARN of the MSK cluster. Needed for IAM and for an MSK event source. @default a self-managed cluster */
  readonly clusterArn?: string;
  /**
   * ARN of the Secrets Manager secret with user and password, or certificate and key; `AmazonMSK_*` for MSK. Lambda's
   * pollers log in to the source with it.
   * @default none
   */
  readonly secretArn?: string;
  /** What the functions log in with. @default `secretArn`, and with IAM their own roles */
  readonly referencedArns?: ReferencedArns;
  /** @default a public one, Amazon's for MSK */
  readonly certificateAuthority?: CertificateAuthority;
  /** False: users log in without TLS (SASL_PLAINTEXT). Lambda's pollers do not. @default true */
  readonly encrypted?: boolean;
  /** ARNs of customer managed KMS keys of these secrets and parameters. @default AWS managed keys */
  readonly keyArns?: readonly string[];
  /** @default the functions are outside any VPC and reach public brokers only */
  readonly vpc?: FlowVpc;
  /**
   * Security group of the brokers. Gets ingress on the broker ports from the functions, where it is in their region,
   * and on the source's side from itself: Lambda's pollers of an MSK cluster stand in the cluster's own group.
   * @default none; the rules are somebody else's business
   */
  readonly brokerSecurityGroupId?: string;
}

/** How Lambda's pollers read the source. */
export interface FlowPolling {
  /** False pauses the flow; records wait in the source. @default true */
  readonly enabled?: boolean;
  /** Records in one delivery, 1 to 10,000; a delivery also ends at 6 MB. @default 10,000 */
  readonly batchSize?: number;
  /** Seconds to wait for more records, 0 to 300. @default 0, the lowest latency; one second costs fewer invocations */
  readonly batchingWindowSeconds?: number;
  /** Provisioned pollers a topic, 1 to 200. @default 1; each takes 5 MB/s and runs 5 invocations */
  readonly minimumPollers?: number;
  /** 1 to 2,000. @default 10 */
  readonly maximumPollers?: number;
  /**
   * Name of a group whose topics share event poller units: at most 100 topics with 2,000 pollers (`maximumPollers` each)
   * between them, of sources in one VPC. @default each topic has units of its own
   */
  readonly pollerGroup?: string;
  /** `on-demand` gives up provisioned pollers and their fast scaling; for development. @default provisioned */
  readonly mode?: 'provisioned' | 'on-demand';
  /**
   * Where a topic begins that is seen for the first time. Partitions that come later, and topics made anew, begin at their first
   * record. @default TRIM_HORIZON
   */
  readonly start?: StartPosition;
}

/** A function's folder in `functions/`, and the end of its physical name. */
export type FunctionName =
  | 'replicate'
  | 'reconcile'
  | 'checkpoint'
  | 'heartbeat'
  | 'monitor'
  | 'translate'
  | 'verify'
  | 'runbook'
  | 'plan-step';

export interface FunctionSize {
  /** 128 to 10,240; 1,769 is one vCPU. */
  readonly memoryMb?: number;
  /** 30 to 840: nothing is sent in an invocation's last 12 s; Lambda's limit for functions with a Kafka event source. */
  readonly timeoutSeconds?: number;
}

/** What people are told of, and when. */
export interface FlowAlarmProps {
  /** False: none but those of the runbooks. @default true */
  readonly enabled?: boolean;
  /** Thresholds. @default those of docs/operating.md */
  readonly settings?: Partial<AlarmSettings>;
  /** ARNs of SNS topics that each half's composite alarm tells, those in its region. @default none */
  readonly topicArns?: readonly string[];
}

/** How both logs are compared while they are written. */
export interface FlowVerification {
  /** From the begin of a run to that of the next one, 1 to 1,440. @default 15 */
  readonly everyMinutes?: number;
}

/** What a `ReplicationFlow` is made from. Everything with a default may be left out. */
export interface ReplicationFlowProps {
  /** Aliases of the two clusters, as in `mm2.properties`. */
  readonly flow: FlowId;
  readonly source: FlowCluster;
  readonly target: FlowCluster;
  /** The flow's configuration as `encodeFlow` writes it; no secrets. The functions have it packed in `FLOW`. */
  readonly configuration: string;
  /**
   * Remote topics' names with `*` for what varies, e.g. `us-east.*`: as far as writing is allowed on the target.
   * @default `*`
   */
  readonly remoteTopics?: string;
  /** Whether the opposite flow copies into topics of the same names. @default false */
  readonly twoWay?: boolean;
  /** @default see FlowPolling */
  readonly polling?: FlowPolling;
  /** @default 1,024 MB and 60 seconds */
  readonly replicate?: FunctionSize;
  /** How often topics are looked at within each minute, seconds, 5 to 60. @default 10 */
  readonly lookEverySeconds?: number;
  /** False: topics are looked at only when a deployment changes something (`refresh.topics.enabled`). @default true */
  readonly refreshTopics?: boolean;
  /** Whether ACLs are given on the target (`sync.topic.acls.enabled`), which needs the right to alter the cluster. @default false */
  readonly syncAcls?: boolean;
  /** Whether copies of deleted topics may be deleted (`causeway.deleted.topics = delete`). @default false */
  readonly deleteRemoteTopics?: boolean;
  /** Whether group offsets are translated and checkpoints written (`emit.checkpoints.enabled`). @default true */
  readonly checkpoints?: boolean;
  /** Whether translated offsets are committed on the target (`sync.group.offsets.enabled`). @default false */
  readonly commitOffsets?: boolean;
  /** Memory of `checkpoint`, 256 to 10,240. @default 512 */
  readonly checkpointMemoryMb?: number;
  /** Whether heartbeats are written to the target (`emit.heartbeats.enabled`). @default true */
  readonly heartbeats?: boolean;
  /**
   * Whether heartbeats of the source arrive: the flow copies them (`heartbeats.replication.enabled`, or `topics`), and a pair
   * that leads to the source writes them. False: no alarm waits for them. @default they are awaited, with a warning at
   * synthesis where no flow of the app writes them
   */
  readonly heartbeatsArrive?: boolean;
  /** True for a pair that copies nothing: of its target half the heartbeats, of its source half nothing. @default false */
  readonly heartbeatsOnly?: boolean;
  /** Name of the flow's checkpoints topic on the target. @default `<source>.checkpoints.internal` */
  readonly checkpointsTopic?: string;
  /** Name of the copy of the source's heartbeats on the target. @default `<source>.heartbeats` */
  readonly heartbeatsCopy?: string;
  /** Where `replicate` writes offset syncs (`emit.offset-syncs.enabled`). @default nowhere */
  readonly offsetSyncs?: { readonly cluster: 'source' | 'target'; readonly topic: string };
  /** The flow from this one's target back to its source. @default none is deployed, and there is no failback */
  readonly reverse?: ReverseFlow;
  /** @default see FlowRunbooks */
  readonly runbooks?: FlowRunbooks;
  /** Whether details are metrics, too, and not in the logs alone (`causeway.metrics.detailed`). @default false */
  readonly detailedMetrics?: boolean;
  /** @default see FlowAlarmProps */
  readonly alarms?: FlowAlarmProps;
  /** Has both logs compared all the time (`causeway.verify.enabled`): all records are read once more. @default they are not */
  readonly verify?: FlowVerification;
  /** Whether each of the flow's regions has a dashboard of it (`causeway.dashboard.enabled`). @default true */
  readonly dashboard?: boolean;
  /** Days that logs are kept, one of CloudWatch's values. @default 30 */
  readonly logRetentionDays?: number;
  /** ARN of a customer managed KMS key, in the target region, for the offset map and the registry. @default DynamoDB's AWS managed key */
  readonly offsetMapKeyArn?: string;
  /** True deletes the offset map, the registry and the reports with their stack: for development, never for a flow that matters. @default false */
  readonly disposable?: boolean;
  /** Folders with an `index.mjs` bundled elsewhere. @default bundled from `functions/` at synthesis */
  readonly codeFolders?: Readonly<Record<FunctionName, string>>;
  /** Begins every physical name, so that deployments can stand side by side. @default `causeway` */
  readonly namePrefix?: string;
}
