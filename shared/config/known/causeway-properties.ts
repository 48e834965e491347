import { ALARM_SETTINGS } from '../../metrics/alarm-settings.ts';
import { DEFAULT_VERIFY_MINUTES } from '../../metrics/alarms.ts';
import { byName, type KnownProperty } from './known-property.ts';

function own(
  name: string,
  type: KnownProperty['type'],
  value: string | undefined,
  note: string,
  more: Partial<KnownProperty> = {},
): KnownProperty {
  return { name: `causeway.${name}`, type, default: value, status: 'honoured', note, ...more };
}

const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** What Causeway adds to a cluster: `us-east.causeway.region`. */
export const CLUSTER_PROPERTIES: ReadonlyMap<string, KnownProperty> = byName([
  own('region', 'string', undefined, "AWS region; default: the cluster ARN's"),
  own('cluster.arn', 'string', undefined, 'ARN of the MSK cluster; without it the cluster is self-managed'),
  own(
    'vpc.id',
    'string',
    undefined,
    'VPC that the functions beside this cluster are in; without it they reach only brokers with public addresses',
  ),
  own('subnets', 'list', undefined, 'subnets of that VPC that they are in, with routes to both clusters'),
  own(
    'security.groups',
    'list',
    undefined,
    'security groups that the functions are in; default: one is made that reaches the brokers and 443',
  ),
  own(
    'broker.security.group',
    'string',
    undefined,
    "the brokers' own security group, to be opened to functions and pollers; default: the rules are yours",
  ),
  own(
    'secret.arn',
    'string',
    undefined,
    'secret with username and password (scram) or certificate and privateKey (tls)',
  ),
  own(
    'secret.key.arns',
    'list',
    undefined,
    "customer managed KMS keys of the cluster's secrets and parameters; MSK wants one for AmazonMSK_ secrets",
  ),
  own('auth', 'string', undefined, 'how to log in, where the security properties of Kafka do not say it', {
    values: ['iam', 'scram', 'tls', 'plaintext'],
  }),
]);

const ALARMS = Object.values(ALARM_SETTINGS).map(({ property, type, default: usual, note, minimum, maximum }) =>
  own(property, type, usual?.toString(), note, { minimum, maximum }),
);

/** What Causeway adds to a flow; at top level it holds for all flows. */
export const FLOW_PROPERTIES: ReadonlyMap<string, KnownProperty> = byName([
  own('replication.policy.pattern', 'string', undefined, 'remote names of your own: replica-{source}-{topic}'),
  own('compression.type', 'string', undefined, "default: the flow's producer compression.type, else lz4", {
    values: COMPRESSIONS,
  }),
  own(
    'start.position',
    'string',
    undefined,
    'earliest, latest or an ISO 8601 time, for topics seen for the first time',
  ),
  own('record.too.large', 'string', 'stop', 'stop the partition, or set the record aside and go on', {
    values: ['stop', 'quarantine'],
  }),
  own('producer.id.expiration.ms', 'long', '86400000', "the target brokers' producer.id.expiration.ms", {
    minimum: 1,
    maximum: 2 ** 31 - 1,
  }),
  own('lateness.bound.ms', 'long', '60000', 'longest that a request may stay on its way after its sender has ended', {
    minimum: 1000,
    maximum: 3_600_000,
  }),
  own('batch.size', 'int', '10000', 'most records that Lambda delivers at once', { minimum: 1, maximum: 10_000 }),
  own('batching.window.seconds', 'int', '0', 'longest that Lambda waits to fill a batch', { minimum: 0, maximum: 300 }),
  own('pollers.mode', 'string', 'provisioned', 'on-demand leaves pollers to Lambda, which starts at one a topic', {
    values: ['provisioned', 'on-demand'],
  }),
  own('pollers.minimum', 'int', '1', 'provisioned pollers a topic, at least', { minimum: 1, maximum: 200 }),
  own('pollers.maximum', 'int', '200', 'provisioned pollers a topic, at most; 20 in a group where it is not given', {
    minimum: 1,
    maximum: 2000,
  }),
  own(
    'pollers.group',
    'string',
    undefined,
    'name of a group whose topics share poller units; default: each has its own',
  ),
  own('function.memory.mb', 'int', '1769', 'memory of replicate; 1769 MB is one CPU', {
    minimum: 128,
    maximum: 10_240,
  }),
  own('function.timeout.seconds', 'int', '120', 'time-out of replicate; event source mappings allow 14 minutes', {
    minimum: 10,
    maximum: 840,
  }),
  own('checkpoint.memory.mb', 'int', '512', 'memory of checkpoint; more of it is more CPU, for thousands of groups', {
    minimum: 256,
    maximum: 10_240,
  }),
  own(
    'sync.topic.acls.delete',
    'boolean',
    'true',
    'revoke on the target what was revoked on the source, if Causeway gave it; false: MirrorMaker 2’s way',
  ),
  own(
    'deleted.topics',
    'string',
    'keep',
    'copies of topics that are deleted at the source; delete: those that Causeway made',
    {
      values: ['keep', 'delete'],
    },
  ),
  own(
    'deleted.topics.grace.hours',
    'int',
    '168',
    'how long they are kept before; they stay if somebody writes to them',
    { minimum: 1, maximum: 8760 },
  ),
  own(
    'runbooks.enabled',
    'boolean',
    'true',
    'deploy the runbooks of a flow that is enabled: switchover, failover, ...',
  ),
  own(
    'runbooks.approval',
    'list',
    undefined,
    'runbooks that a person has to approve, unless they are started otherwise: switchover, failover, failback',
  ),
  own(
    'metrics.topics',
    'list',
    '.*',
    'topics, by names and regexes, that have six metrics of their own in CloudWatch; the flow has its ten in any case',
  ),
  own('metrics.detailed', 'boolean', 'false', 'details are metrics, too, and not in the logs alone'),
  own('alarms.enabled', 'boolean', 'true', 'deploy the alarms of a flow that is enabled (docs/operating.md)'),
  own(
    'alarms.topic.arns',
    'list',
    undefined,
    'SNS topics, one or more in the region of each half, that the flow’s composite alarms tell; default: none',
  ),
  ...ALARMS,
  own(
    'dashboard.enabled',
    'boolean',
    'true',
    'deploy a CloudWatch dashboard of a flow that is enabled, one in each of its regions (docs/metrics.md)',
  ),
  own(
    'verify.enabled',
    'boolean',
    'false',
    'compare both logs of a flow that is enabled, record by record, as they are replicated (docs/operating.md)',
  ),
  own(
    'verify.interval.minutes',
    'int',
    DEFAULT_VERIFY_MINUTES.toString(),
    'how often a run begins; it compares what came since the last one, and ends before the next',
    { minimum: 1, maximum: 1440 },
  ),
  own(
    'lambda.consumers',
    'list',
    undefined,
    'functions of your own whose mappings runbooks disable on one cluster and enable on the other: billing, fraud-east->fraud-west',
  ),
  own(
    'failover.alarm.minutes',
    'int',
    undefined,
    'a failover is started when no heartbeat of the source has arrived for so long; default: nothing starts by itself',
    { minimum: 2, maximum: 60 },
  ),
  own(
    'failover.alarm.cooldown.minutes',
    'int',
    '60',
    'after applications were moved, either way, within which that alarm moves nobody',
    { minimum: 5, maximum: 10_080 },
  ),
  own(
    'plan.steps',
    'boolean',
    'false',
    'deploy functions that start a runbook and follow it, as steps of a plan such as ARC Region switch has',
  ),
  own('drill.every.days', 'int', '90', 'after which a drill is overdue, which an alarm tells', {
    minimum: 1,
    maximum: 366,
  }),
  own(
    'fence.acls',
    'boolean',
    'false',
    'runbooks also fence writers by ACLs on the cluster that is left: its brokers refuse those that do not follow the registry',
  ),
  own('rto.seconds', 'int', undefined, 'within which a runbook is expected to move applications, for its report', {
    minimum: 1,
    maximum: 86_400,
  }),
  own('rpo.seconds', 'int', undefined, 'age of the oldest record that a failover is expected to lose, for its report', {
    minimum: 0,
    maximum: 86_400,
  }),
  own('loss.allowed.records', 'long', '0', 'records that a failover may leave behind without a warning', {
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
  own('watch.lag.seconds', 'int', '30', 'between two looks of a runbook at the lag of the groups that it moved', {
    minimum: 1,
    maximum: 90,
  }),
]);
