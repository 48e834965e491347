import { z } from 'zod';

/** A number of the alarms that a flow's configuration may set. */
interface AlarmSetting {
  /** Of the configuration, after `causeway.`. */
  readonly property: string;
  readonly type: 'int' | 'long';
  /** Undefined: CloudWatch learns it. */
  readonly default: number | undefined;
  /** Bounds, both included. */
  readonly minimum: number;
  readonly maximum: number;
  readonly note: string;
}

const MS = { type: 'int', minimum: 1, maximum: 86_400_000 } as const;

/** All that can be set of a flow's alarms: schema, properties, defaults and documents are made of it. */
export const ALARM_SETTINGS = {
  recordAgeMs: {
    ...{ ...MS, property: 'alarm.record.age.ms', default: 60_000 },
    note: 'age at which records reach replicate, p99, that is an alarm',
  },
  replicationLatencyMs: {
    ...{ ...MS, property: 'alarm.replication.latency.ms', default: 30_000 },
    note: 'time from a record’s timestamp to the target’s acknowledgement, p99, that is an alarm',
  },
  endToEndLatencyMs: {
    ...{ ...MS, property: 'alarm.end.to.end.latency.ms', default: 30_000 },
    note: 'latency of heartbeats, p99, that is an alarm',
  },
  endToEndLatencyStrictMs: {
    ...{ ...MS, property: 'alarm.end.to.end.latency.strict.ms', default: 1_000 },
    note: 'the same, median, for a quarter of an hour; nobody is told',
  },
  checkpointLatencyMs: {
    ...{ ...MS, property: 'alarm.checkpoint.latency.ms', default: 120_000 },
    note: 'time from the reading of groups’ offsets to their checkpoints that is an alarm',
  },
  checkpointAgeMs: {
    ...{ ...MS, property: 'alarm.checkpoint.age.ms', default: 120_000 },
    note: 'age of what is known of the source’s groups that is an alarm',
  },
  recordsWaiting: {
    ...{ property: 'alarm.records.waiting', type: 'long', default: 10_000 },
    ...{ minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    note: 'records that the target has not, for minutes, that are an alarm',
  },
  secondsBehind: {
    ...{ property: 'alarm.seconds.behind', type: 'int', default: 60, minimum: 1, maximum: 86_400 },
    note: 'age of the oldest record that the target has not that is an alarm',
  },
  heartbeatsMissingMinutes: {
    ...{ property: 'alarm.heartbeats.missing.minutes', type: 'int', default: 3, minimum: 1, maximum: 60 },
    note: 'without a heartbeat of the source that are an alarm',
  },
  verificationLagSeconds: {
    ...{ property: 'alarm.verification.lag.seconds', type: 'int', default: 21_600, minimum: 60, maximum: 2_592_000 },
    note: 'age of the oldest replicated record that is not verified that is an alarm, where causeway.verify.enabled',
  },
  recordsPerMinute: {
    ...{ property: 'alarm.records.per.minute', type: 'int', default: undefined, minimum: 1, maximum: 2 ** 31 - 1 },
    note: 'usual rate of the flow: below half of it is an alarm; default: CloudWatch learns what is usual',
  },
} as const satisfies Readonly<Record<string, AlarmSetting>>;

export type AlarmSettingName = keyof typeof ALARM_SETTINGS;

/** What an alarm's numbers may be set to. */
export type AlarmSettings = {
  readonly [S in AlarmSettingName]: (typeof ALARM_SETTINGS)[S]['default'] extends number ? number : number | undefined;
};

const number = z.number().int();

/** As a flow's configuration has them. */
export const alarmSettingsSchema = z.object({
  ...eachAlarmSetting(() => number),
  recordsPerMinute: number.optional(),
});

/** What `of` makes of each setting, under its name. */
export function eachAlarmSetting<T>(of: (setting: AlarmSetting) => T): Readonly<Record<AlarmSettingName, T>> {
  const all: [string, AlarmSetting][] = Object.entries(ALARM_SETTINGS);
  return Object.fromEntries(all.map(([name, setting]) => [name, of(setting)])) as Record<AlarmSettingName, T>;
}

export const defaultAlarmSettings: AlarmSettings = {
  ...alarmSettingsSchema.parse(eachAlarmSetting((setting) => setting.default)),
  recordsPerMinute: ALARM_SETTINGS.recordsPerMinute.default,
};
