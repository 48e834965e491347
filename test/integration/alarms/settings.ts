/** Limits that are kept while all is well, and passed within seconds when it is not. */
const LIMITS = {
  'alarm.record.age.ms': '1200',
  'alarm.replication.latency.ms': '1300',
  'alarm.end.to.end.latency.ms': '1300',
  'alarm.end.to.end.latency.strict.ms': '1300',
  'alarm.checkpoint.latency.ms': '1300',
  'alarm.checkpoint.age.ms': '6000',
  'alarm.records.waiting': '300',
  'alarm.seconds.behind': '6',
  // Heartbeats alone are fewer than half of it.
  'alarm.records.per.minute': '5',
  // Longer than heartbeats stay away by any cause but the loss of a broker.
  'failover.alarm.minutes': '12',
  'drill.every.days': '1',
};

/** What the flow with all alarms is deployed with. */
export const SETTINGS: Readonly<Record<string, string>> = {
  'refresh.topics.enabled': 'true',
  'heartbeats.replication.enabled': 'true',
  'emit.checkpoints.interval.seconds': '1',
  'refresh.groups.interval.seconds': '5',
  // The copies take as much as the target takes by itself.
  'config.properties.exclude': 'max.message.bytes',
  'causeway.alarms.enabled': 'true',
  'causeway.verify.enabled': 'true',
  'causeway.verify.interval.minutes': '3',
  ...Object.fromEntries(Object.entries(LIMITS).map(([key, value]) => [`causeway.${key}`, value])),
};
