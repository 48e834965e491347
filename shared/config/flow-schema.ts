import { z } from 'zod';
import { alarmSettingsSchema } from '../metrics/alarm-settings.ts';
import { policySettingsSchema } from '../policy/policy-settings.ts';
import { securitySchema } from './security/schema.ts';

const nameListSchema = z.object({
  patterns: z.array(z.string()),
  origin: z.object({ key: z.string(), line: z.number().int() }).optional(),
});

const filterSchema = z.object({ include: nameListSchema, exclude: nameListSchema });

/** Done at most once in `intervalSeconds`, or never. */
const scheduleSchema = z.object({ enabled: z.boolean(), intervalSeconds: z.number().int().positive() });

const clientSchema = z.object({
  bootstrapServers: z.array(z.string()),
  security: securitySchema,
  /** What else the file says for this client, by Kafka's property names. */
  properties: z.record(z.string(), z.string()),
});

const endSchema = z.object({
  alias: z.string(),
  /** Looks after topics, groups and ACLs. */
  admin: clientSchema,
  /** Reads the source, or writes to the target. */
  data: clientSchema,
  region: z.string().optional(),
  clusterArn: z.string().optional(),
  vpcId: z.string().optional(),
  subnets: z.array(z.string()),
  securityGroups: z.array(z.string()),
  brokerSecurityGroup: z.string().optional(),
  secretArn: z.string().optional(),
  secretKeyArns: z.array(z.string()).optional(),
});

const startPositionSchema = z.discriminatedUnion('at', [
  z.object({ at: z.literal('earliest') }),
  z.object({ at: z.literal('latest') }),
  /** The first record of this time or later, ms since the epoch. */
  z.object({ at: z.literal('time'), timestampMs: z.number().int().nonnegative() }),
]);

/** Runbooks that a person can be asked to approve. */
export const APPROVABLE = ['switchover', 'failover', 'failback'] as const;

/** One ordered pair of clusters, with every value that holds for it. */
export const flowSchema = z.object({
  source: endSchema,
  target: endSchema,
  /** Whether topics and groups are copied. False: the pair is only there for its heartbeats. */
  enabled: z.boolean(),
  policy: policySettingsSchema,
  topics: filterSchema,
  groups: filterSchema,
  configProperties: z.object({ exclude: nameListSchema, useDefaultsFrom: z.enum(['source', 'target']) }),
  replicateHeartbeats: z.boolean(),
  /** Of new remote topics; -1 is the default of the target's brokers. */
  replicationFactor: z.number().int(),
  refreshTopics: scheduleSchema,
  syncTopicConfigs: scheduleSchema,
  syncTopicAcls: scheduleSchema.extend({ deleteRevoked: z.boolean() }),
  deletedTopics: z.object({ action: z.enum(['keep', 'delete']), graceHours: z.number().int() }),
  refreshGroups: scheduleSchema,
  emitCheckpoints: scheduleSchema.extend({ replicationFactor: z.number().int() }),
  syncGroupOffsets: scheduleSchema,
  emitHeartbeats: scheduleSchema.extend({ replicationFactor: z.number().int() }),
  offsetSyncs: z.object({
    enabled: z.boolean(),
    location: z.enum(['source', 'target']),
    replicationFactor: z.number().int(),
    lagMax: z.number().int(),
  }),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']),
  startPosition: startPositionSchema,
  recordTooLarge: z.enum(['stop', 'quarantine']),
  producerIdExpirationMs: z.number().int(),
  latenessBoundMs: z.number().int(),
  delivery: z.object({
    batchSize: z.number().int(),
    batchingWindowSeconds: z.number().int(),
    /** Provisioned pollers of a topic; without them Lambda scales by itself. */
    pollers: z
      .object({
        minimum: z.number().int(),
        maximum: z.number().int(),
        /** Whose mappings share event poller units. */
        group: z.string().optional(),
      })
      .optional(),
  }),
  function: z.object({ memoryMb: z.number().int(), timeoutSeconds: z.number().int() }),
  checkpointMemoryMb: z.number().int(),
  metrics: z.object({
    /** Details are metrics, too, and not in the logs alone. */
    detailed: z.boolean(),
    /** Topics that have metrics of their own: names and regexes. */
    topics: nameListSchema,
  }),
  alarms: z.object({
    enabled: z.boolean(),
    topicArns: z.array(z.string()),
    settings: alarmSettingsSchema,
  }),
  dashboard: z.object({ enabled: z.boolean() }),
  /** Whether both logs are compared all the time, and how often a run begins. */
  verify: z.object({ enabled: z.boolean(), intervalMinutes: z.number().int() }),
  /** Functions of the users' own whose event source mappings runbooks switch: names or ARNs beside either cluster. */
  lambdaConsumers: z.array(z.object({ source: z.string().min(1), target: z.string().min(1) })),
  runbooks: z.object({
    enabled: z.boolean(),
    /** Those that a person has to approve. */
    approval: z.array(z.enum(APPROVABLE)),
    /** Absent: nothing starts a failover by itself. */
    failoverAlarmMinutes: z.number().int().optional(),
    failoverCooldownMinutes: z.number().int(),
    planSteps: z.boolean(),
    drillEveryDays: z.number().int(),
    rtoSeconds: z.number().int().optional(),
    rpoSeconds: z.number().int().optional(),
    lossAllowedRecords: z.number().int(),
    fenceByAcls: z.boolean(),
    /** Between two looks at the lag of moved groups. */
    watchLagSeconds: z.number().int(),
  }),
});

export type Flow = z.infer<typeof flowSchema>;
export type FlowEnd = z.infer<typeof endSchema>;
export type ClientConnection = z.infer<typeof clientSchema>;
export type StartPosition = z.infer<typeof startPositionSchema>;
export type Schedule = z.infer<typeof scheduleSchema>;
