import type { FlowId } from '../flow/flow.ts';
import { alarmSettingsSchema, eachAlarmSetting } from '../metrics/alarm-settings.ts';
import type { Cluster } from './configuration.ts';
import { APPROVABLE, type Flow, type FlowEnd, type Schedule, type StartPosition } from './flow-schema.ts';
import { FLOW_PROPERTIES } from './known/causeway-properties.ts';
import { CONNECTOR_PROPERTIES, FLOW_ONLY_PROPERTIES } from './known/connector-properties.ts';
import { connectorSettings } from './layers.ts';
import { readClients } from './read-clients.ts';
import { readNames } from './read-filter.ts';
import { readLambdaConsumers } from './read-lambda-consumers.ts';
import { readPolicy } from './read-policy.ts';
import { readPollers } from './read-pollers.ts';
import type { Report } from './report.ts';
import type { SecretReader } from './secrets/secret-reader.ts';
import type { Settings } from './setting.ts';
import { SettingReader } from './setting-reader.ts';

const KNOWN = new Map([...CONNECTOR_PROPERTIES, ...FLOW_ONLY_PROPERTIES, ...FLOW_PROPERTIES]);
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const SNS_TOPIC = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/;
const CLASSES = ['topic.filter.class', 'group.filter.class', 'config.property.filter.class'];

export interface FileContext {
  readonly file: Settings;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly secrets: SecretReader;
  readonly report: Report;
}

/** All that holds for one ordered pair of clusters. */
export function readFlow(id: FlowId, source: Cluster, target: Cluster, context: FileContext): Flow {
  const { report, clusters } = context;
  const read = new SettingReader(connectorSettings(context.file, id), KNOWN, report);
  refuseOwnClasses(read, report);
  const clients = readClients(id, source, target, context);
  const schedule = (name: string): Schedule => ({
    enabled: read.boolean(`${name}.enabled`),
    intervalSeconds: read.number(`${name}.interval.seconds`),
  });
  return {
    source: end(source, clients.sourceAdmin, clients.sourceConsumer),
    target: end(target, clients.targetAdmin, clients.targetProducer),
    enabled: read.boolean('enabled'),
    policy: readPolicy(read, id.source, [...clusters.keys()], report),
    topics: { include: readNames(read, 'topics', report), exclude: readNames(read, 'topics.exclude', report) },
    groups: { include: readNames(read, 'groups', report), exclude: readNames(read, 'groups.exclude', report) },
    configProperties: {
      exclude: readNames(read, 'config.properties.exclude', report),
      useDefaultsFrom: read.choice('use.defaults.from', ['source', 'target']),
    },
    replicateHeartbeats: read.boolean('heartbeats.replication.enabled'),
    replicationFactor: read.number('replication.factor'),
    refreshTopics: schedule('refresh.topics'),
    syncTopicConfigs: schedule('sync.topic.configs'),
    syncTopicAcls: {
      ...schedule('sync.topic.acls'),
      deleteRevoked: read.boolean('causeway.sync.topic.acls.delete'),
    },
    deletedTopics: {
      action: read.choice('causeway.deleted.topics', ['keep', 'delete']),
      graceHours: read.number('causeway.deleted.topics.grace.hours'),
    },
    refreshGroups: schedule('refresh.groups'),
    emitCheckpoints: {
      ...schedule('emit.checkpoints'),
      replicationFactor: read.number('checkpoints.topic.replication.factor'),
    },
    syncGroupOffsets: schedule('sync.group.offsets'),
    emitHeartbeats: {
      ...schedule('emit.heartbeats'),
      replicationFactor: read.number('heartbeats.topic.replication.factor'),
    },
    offsetSyncs: {
      enabled: read.boolean('emit.offset-syncs.enabled'),
      location: read.choice('offset-syncs.topic.location', ['source', 'target']),
      replicationFactor: read.number('offset-syncs.topic.replication.factor'),
      lagMax: read.number('offset.lag.max'),
    },
    compression: read.optionalChoice('causeway.compression.type', COMPRESSIONS) ?? clients.compression ?? 'lz4',
    startPosition: startPosition(read, report) ?? { at: clients.autoOffsetReset ?? 'earliest' },
    recordTooLarge: read.choice('causeway.record.too.large', ['stop', 'quarantine']),
    producerIdExpirationMs: read.number('causeway.producer.id.expiration.ms'),
    latenessBoundMs: read.number('causeway.lateness.bound.ms'),
    delivery: {
      batchSize: read.number('causeway.batch.size'),
      batchingWindowSeconds: read.number('causeway.batching.window.seconds'),
      ...readPollers(read, report),
    },
    function: {
      memoryMb: read.number('causeway.function.memory.mb'),
      timeoutSeconds: read.number('causeway.function.timeout.seconds'),
    },
    checkpointMemoryMb: read.number('causeway.checkpoint.memory.mb'),
    metrics: {
      detailed: read.boolean('causeway.metrics.detailed'),
      topics: readNames(read, 'causeway.metrics.topics', report),
    },
    alarms: {
      enabled: read.boolean('causeway.alarms.enabled'),
      topicArns: topicArns(read, report),
      settings: alarmSettingsSchema.parse(
        eachAlarmSetting(({ property, default: usual }) => {
          const name = `causeway.${property}`;
          return usual === undefined ? objective(read, name) : read.number(name);
        }),
      ),
    },
    dashboard: { enabled: read.boolean('causeway.dashboard.enabled') },
    verify: {
      enabled: read.boolean('causeway.verify.enabled'),
      intervalMinutes: read.number('causeway.verify.interval.minutes'),
    },
    lambdaConsumers: readLambdaConsumers(read, source, target, report),
    runbooks: {
      enabled: read.boolean('causeway.runbooks.enabled'),
      approval: approval(read, report),
      failoverAlarmMinutes: objective(read, 'causeway.failover.alarm.minutes'),
      failoverCooldownMinutes: read.number('causeway.failover.alarm.cooldown.minutes'),
      planSteps: read.boolean('causeway.plan.steps'),
      drillEveryDays: read.number('causeway.drill.every.days'),
      rtoSeconds: objective(read, 'causeway.rto.seconds'),
      rpoSeconds: objective(read, 'causeway.rpo.seconds'),
      lossAllowedRecords: read.number('causeway.loss.allowed.records'),
      fenceByAcls: read.boolean('causeway.fence.acls'),
      watchLagSeconds: read.number('causeway.watch.lag.seconds'),
    },
  };
}

function approval(read: SettingReader, report: Report): Flow['runbooks']['approval'] {
  const at = read.at('causeway.runbooks.approval');
  const names = at === undefined ? [] : read.list('causeway.runbooks.approval');
  const known = APPROVABLE.filter((kind) => names.includes(kind));
  if (at !== undefined && known.length < new Set(names).size) report.fault(at, `some of ${APPROVABLE.join(', ')}`);
  return known;
}

/** One that is no topic would be told nothing, and nobody would notice. */
function topicArns(read: SettingReader, report: Report): string[] {
  const name = 'causeway.alarms.topic.arns';
  const at = read.at(name);
  const arns = at === undefined ? [] : [...read.list(name)];
  if (at !== undefined && !arns.every((arn) => SNS_TOPIC.test(arn)))
    report.fault(at, 'ARNs of SNS topics: arn:aws:sns:us-west-2:123456789012:on-call');
  return arns;
}

/** Undefined where the file says nothing. */
function objective(read: SettingReader, property: string): number | undefined {
  return read.at(property) === undefined ? undefined : read.number(property);
}

function end({ alias, aws }: Cluster, admin: FlowEnd['admin'], data: FlowEnd['data']): FlowEnd {
  return {
    alias,
    admin,
    data,
    ...(aws.region === undefined ? {} : { region: aws.region }),
    ...(aws.clusterArn === undefined ? {} : { clusterArn: aws.clusterArn }),
    ...(aws.vpcId === undefined ? {} : { vpcId: aws.vpcId }),
    subnets: [...aws.subnets],
    securityGroups: [...aws.securityGroups],
    ...(aws.brokerSecurityGroup === undefined ? {} : { brokerSecurityGroup: aws.brokerSecurityGroup }),
    ...(aws.secretArn === undefined ? {} : { secretArn: aws.secretArn }),
    ...(aws.secretKeyArns.length === 0 ? {} : { secretKeyArns: [...aws.secretKeyArns] }),
  };
}

/** A filter of the user's own decides what may leave a cluster: guessing would copy what must not be copied. */
function refuseOwnClasses(read: SettingReader, report: Report): void {
  for (const name of CLASSES) {
    const at = read.at(name);
    const standard = CONNECTOR_PROPERTIES.get(name);
    const simple = (className: string) => className.trim().split('.').at(-1);
    if (at !== undefined && standard?.default !== undefined && simple(at.value) !== simple(standard.default))
      report.fault(at, `${standard.default}, ${standard.note}`);
  }
  for (const name of ['transforms', 'predicates']) {
    const at = read.at(name);
    if (at !== undefined && at.value.trim() !== '') report.fault(at, `nothing: ${KNOWN.get(name)?.note}`);
  }
}

function startPosition(read: SettingReader, report: Report): StartPosition | undefined {
  const text = read.text('causeway.start.position');
  const at = read.at('causeway.start.position');
  if (text === undefined || at === undefined) return undefined;
  if (text === 'earliest' || text === 'latest') return { at: text };
  const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
  const timestampMs = iso.test(text) ? Date.parse(text) : Number.NaN;
  if (timestampMs >= 0) return { at: 'time', timestampMs };
  report.fault(at, 'earliest, latest or a time with its zone, 2026-01-31T12:00:00Z for example');
  return undefined;
}
