import { DEFAULT_CONFIG_PROPERTIES_EXCLUDE } from '../../policy/config-property-selection.ts';
import { DEFAULT_GROUPS_EXCLUDE } from '../../policy/group-selection.ts';
import { DEFAULT_TOPICS_EXCLUDE } from '../../policy/topic-selection.ts';
import { byName, type KnownProperty, rows } from './known-property.ts';

const SECONDS = { minimum: 1, maximum: 86_400 * 365 } as const;
const FACTOR = {
  minimum: -1,
  maximum: 32_767,
  except: { value: 0, expected: '1 to 32767, or -1 for the default of the brokers' },
} as const;

function honoured(
  name: string,
  type: KnownProperty['type'],
  value: string | undefined,
  note: string,
  more: Partial<KnownProperty> = {},
): KnownProperty {
  return { name, type, default: value, status: 'honoured', note, ...more };
}

const CLASSES: readonly KnownProperty[] = (
  [
    ['topic.filter.class', 'DefaultTopicFilter', 'topics and topics.exclude'],
    ['group.filter.class', 'DefaultGroupFilter', 'groups and groups.exclude'],
    ['config.property.filter.class', 'DefaultConfigPropertyFilter', 'config.properties.exclude'],
  ] as const
).map(([name, filter, instead]) =>
  honoured(name, 'class', `org.apache.kafka.connect.mirror.${filter}`, `only the default; use ${instead}`),
);

/** Properties of the three connectors (Kafka 4.1 and the older names), which may stand at top level or under a flow. */
const MIRROR: readonly KnownProperty[] = [
  honoured('enabled', 'boolean', 'false', 'whether the flow copies anything'),
  honoured('topics', 'list', '.*', 'names and Java patterns of the topics to copy'),
  honoured('topics.exclude', 'list', DEFAULT_TOPICS_EXCLUDE.join(', '), 'wins over topics'),
  honoured('topics.blacklist', 'list', undefined, 'older name of topics.exclude'),
  honoured('groups', 'list', '.*', 'names and Java patterns of the groups whose offsets are carried over'),
  honoured('groups.exclude', 'list', DEFAULT_GROUPS_EXCLUDE.join(', '), 'wins over groups'),
  honoured('groups.blacklist', 'list', undefined, 'older name of groups.exclude'),
  honoured('config.properties.exclude', 'list', DEFAULT_CONFIG_PROPERTIES_EXCLUDE.join(', '), 'settings not synced'),
  honoured('config.properties.blacklist', 'list', undefined, 'older name of config.properties.exclude'),
  ...CLASSES,
  honoured(
    'replication.policy.class',
    'class',
    'org.apache.kafka.connect.mirror.DefaultReplicationPolicy',
    'DefaultReplicationPolicy or IdentityReplicationPolicy; others as causeway.replication.policy.pattern',
  ),
  honoured('replication.policy.separator', 'string', '.', 'between alias and topic'),
  honoured(
    'replication.policy.internal.topic.separator.enabled',
    'boolean',
    'true',
    'false keeps "." in internal topics whatever the separator',
  ),
  honoured('replication.factor', 'int', '2', 'of new remote topics; -1 is the default of the brokers', FACTOR),
  honoured('heartbeats.replication.enabled', 'boolean', 'true', 'copy heartbeats topics whatever the lists say'),
  honoured(
    'refresh.topics.enabled',
    'boolean',
    'true',
    'look for new topics, and at everything else of reconcile; false: only when it is deployed, or called by hand',
  ),
  honoured(
    'refresh.topics.interval.seconds',
    'long',
    '600',
    'how often; 5 to 10 are kept, more is taken as 10: a look that finds nothing new costs a handful of requests',
    { causewayDefault: '60', ...SECONDS },
  ),
  honoured(
    'sync.topic.configs.enabled',
    'boolean',
    'true',
    'keep settings of remote topics in step; they are made with those of their source in any case',
  ),
  honoured(
    'sync.topic.configs.interval.seconds',
    'long',
    '600',
    'how often settings are compared; also at once for topics that are taken on, and after a deployment',
    SECONDS,
  ),
  honoured(
    'sync.topic.acls.enabled',
    'boolean',
    'true',
    'give ACLs of single topics on their copies too; those of prefixes and of `*` are not carried over',
  ),
  honoured(
    'sync.topic.acls.interval.seconds',
    'long',
    '600',
    'how often ACLs are compared; also at once for topics that are taken on, and after a deployment',
    SECONDS,
  ),
  honoured('refresh.groups.enabled', 'boolean', 'true', 'look for new groups'),
  honoured('refresh.groups.interval.seconds', 'long', '600', 'how often new groups are looked for', {
    causewayDefault: '60',
    ...SECONDS,
  }),
  honoured('emit.checkpoints.enabled', 'boolean', 'true', 'translate group offsets and write checkpoints'),
  honoured('emit.checkpoints.interval.seconds', 'long', '60', 'how often group offsets are translated', {
    causewayDefault: '5',
    ...SECONDS,
  }),
  honoured('sync.group.offsets.enabled', 'boolean', 'false', 'commit translated offsets to idle groups on the target'),
  honoured('sync.group.offsets.interval.seconds', 'long', '60', 'how often offsets are committed', {
    causewayDefault: '5',
    ...SECONDS,
  }),
  honoured('emit.heartbeats.enabled', 'boolean', 'true', 'write heartbeats; true also for pairs that copy nothing'),
  honoured('emit.heartbeats.interval.seconds', 'long', '1', 'how often heartbeats are written', SECONDS),
  honoured(
    'emit.offset-syncs.enabled',
    'boolean',
    'true',
    "write offset syncs, which MirrorMaker 2's checkpoint task reads; nothing of Causeway does",
    { causewayDefault: 'false' },
  ),
  honoured('offset-syncs.topic.location', 'string', 'source', 'which cluster holds them', {
    values: ['source', 'target'],
  }),
  honoured('offset.lag.max', 'long', '100', 'records between two offset syncs', {
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
  honoured('offset-syncs.topic.replication.factor', 'int', '3', 'of the offset syncs topic', FACTOR),
  honoured('checkpoints.topic.replication.factor', 'int', '3', 'of the checkpoints topic', FACTOR),
  honoured('heartbeats.topic.replication.factor', 'int', '3', 'of the heartbeats topic', FACTOR),
  ...rows('later', 'bound on each call to a cluster while topics are looked over', {
    'admin.timeout.ms': 'long 60000',
  }),
  ...rows('not-applicable', 'the flow itself says which clusters it joins', {
    'source.cluster.alias': 'string',
    'target.cluster.alias': 'string target',
  }),
  ...rows('not-applicable', 'clients here are not Java classes', {
    'forwarding.admin.class': 'class org.apache.kafka.clients.admin.ForwardingAdmin',
    'metric.reporters': 'list org.apache.kafka.common.metrics.JmxReporter',
  }),
  ...rows('not-applicable', 'metrics go to CloudWatch under names of their own', {
    'metric.names.formats': 'list legacy',
    'add.source.alias.to.metrics': 'boolean false',
  }),
  ...rows('not-applicable', "Lambda's pollers fetch", { 'consumer.poll.timeout.ms': 'long 1000' }),
  ...rows('not-applicable', 'topic settings are always changed one by one', {
    'use.incremental.alter.configs': 'string requested',
  }),
  ...rows('not-applicable', 'set by MirrorMaker 2 itself', {
    'task.index': 'int',
    'task.assigned.partitions': 'list',
    'task.assigned.groups': 'list',
  }),
];

/** What Kafka Connect takes for every source connector; known by name at top level too. */
const CONNECT: readonly KnownProperty[] = [
  ...rows('not-applicable', "Lambda scales with the topic's partitions: see causeway.pollers.maximum", {
    'tasks.max': 'int 1',
    'tasks.max.enforce': 'boolean true',
  }),
  ...rows('not-applicable', 'there is no Connect worker; names and classes are fixed', {
    name: 'string',
    'connector.class': 'string',
    'connector.plugin.version': 'string',
    'config.action.reload': 'string restart',
  }),
  ...rows('not-applicable', 'bytes are copied as they are', {
    'key.converter': 'class',
    'value.converter': 'class',
    'header.converter': 'class',
    'key.converter.plugin.version': 'string',
    'value.converter.plugin.version': 'string',
    'header.converter.plugin.version': 'string',
  }),
  ...rows('not-applicable', 'a record is never dropped: Lambda retries, see causeway.record.too.large', {
    'errors.tolerance': 'string none',
    'errors.retry.timeout': 'long 0',
    'errors.retry.delay.max.ms': 'long 60000',
    'errors.log.enable': 'boolean false',
    'errors.log.include.messages': 'boolean false',
  }),
  ...rows('not-applicable', 'every record is written exactly once without transactions', {
    'exactly.once.support': 'string requested',
    'transaction.boundary': 'string poll',
    'transaction.boundary.interval.ms': 'long',
  }),
  ...rows('not-applicable', 'offsets are kept in DynamoDB', { 'offsets.storage.topic': 'string' }),
  ...rows('not-applicable', 'remote topics are made by Causeway: see replication.factor', {
    'topic.creation.groups': 'list',
  }),
  ...rows('refused', 'records are copied as they are; without the transformation they would not be what was meant', {
    transforms: 'list',
    predicates: 'list',
  }),
];

export const CONNECTOR_PROPERTIES: ReadonlyMap<string, KnownProperty> = byName([...MIRROR, ...CONNECT]);

/** In no ConfigDef of MirrorMaker 2, so it does nothing at top level in dedicated mode; works under a flow. */
export const FLOW_ONLY_PROPERTIES: ReadonlyMap<string, KnownProperty> = byName([
  honoured('use.defaults.from', 'string', 'target', "what becomes of a source topic's default settings", {
    values: ['source', 'target'],
  }),
]);

/** Older names, which MirrorMaker 2 has dropped in 4.0. */
export const OLDER_NAMES: ReadonlyMap<string, string> = new Map([
  ['topics.blacklist', 'topics.exclude'],
  ['groups.blacklist', 'groups.exclude'],
  ['config.properties.blacklist', 'config.properties.exclude'],
]);
