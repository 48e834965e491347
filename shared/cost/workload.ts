/** What is copied, in each direction. */
export interface Workload {
  /** Keys, values and headers before compression; a TB is 10^12 bytes. */
  readonly tbPerMonth: number;
  readonly recordBytes: number;
  readonly topics: number;
  /** Of all topics together. */
  readonly partitions: number;
  readonly groups: number;
  /** Bytes on the network for each byte before compression, 1 where nothing is gained. */
  readonly compressedTo: number;
}

/** What is not known of an account or a network, and was measured or assumed elsewhere. */
export interface Assumptions {
  /** CPU of `replicate` for a million records, seconds; undefined: by their size, as measured. */
  readonly handlerCpuSeconds: number | undefined;
  /** From the source's region to the target's and back. */
  readonly roundTripMs: number;
  /** What Lambda gathers of a topic before it delivers where the batching window is 0. */
  readonly gatherMs: number;
  /** Traffic of the busiest time for one of the mean. */
  readonly peak: number;
  /** MSK Connect units for MirrorMaker 2; undefined: by its CPU time, as measured. */
  readonly connectUnits: number | undefined;
}

/** What of a flow's configuration has a price. */
export interface FlowSettings {
  readonly flow: string;
  readonly sourceRegion: string;
  readonly targetRegion: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Provisioned pollers of a topic, at least; undefined: on demand. */
  readonly minimumPollers: number | undefined;
  /** Whether the pollers of all topics share their units. */
  readonly pollerGroup: boolean;
  readonly replicateMemoryMb: number;
  readonly checkpointMemoryMb: number;
  /** Undefined: groups are not carried over. */
  readonly checkpointSeconds: number | undefined;
  readonly heartbeats: boolean;
  /** Whether heartbeats of the source come to the target: without them nothing of their way is told. */
  readonly heartbeatsArrive: boolean;
  /** Whether a function writes heartbeats for the pair the other way round, which copies nothing. */
  readonly heartbeatsBack: boolean;
  readonly refreshTopics: boolean;
  /** Topics that have metrics of their own. */
  readonly topicsMeasured: number;
  readonly detailedMetrics: boolean;
  readonly alarms: boolean;
  /** Whether the usual rate is left to CloudWatch to learn. */
  readonly learnsRate: boolean;
  /** One in each region of the flow. */
  readonly dashboard: boolean;
  /** How often a run that compares both logs begins; undefined: they are not compared all the time. */
  readonly verifyMinutes: number | undefined;
  readonly runbooks: boolean;
  /** Whether an alarm starts a failover. */
  readonly failoverAlarm: boolean;
  /** Whether there is a flow to come back by, and so a failback. */
  readonly failback: boolean;
}

export const defaultWorkload: Omit<Workload, 'tbPerMonth'> = {
  recordBytes: 1_000,
  topics: 10,
  partitions: 60,
  groups: 20,
  compressedTo: 1,
};

/** A window of 0 with provisioned pollers is what AWS says stays below 100 ms; 70 ms are the width of the United States. */
export const defaultAssumptions: Assumptions = {
  handlerCpuSeconds: undefined,
  roundTripMs: 70,
  gatherMs: 100,
  peak: 2,
  connectUnits: undefined,
};

/** As a properties file has it that says nothing about them. */
export const defaultSettings: Omit<FlowSettings, 'flow' | 'topicsMeasured'> = {
  sourceRegion: 'us-east-1',
  targetRegion: 'us-west-2',
  batchSize: 10_000,
  batchingWindowSeconds: 0,
  minimumPollers: 1,
  pollerGroup: false,
  replicateMemoryMb: 1_769,
  checkpointMemoryMb: 512,
  checkpointSeconds: 5,
  heartbeats: true,
  heartbeatsArrive: true,
  heartbeatsBack: true,
  refreshTopics: true,
  detailedMetrics: false,
  alarms: true,
  learnsRate: true,
  dashboard: true,
  verifyMinutes: undefined,
  runbooks: true,
  failoverAlarm: false,
  failback: false,
};

/** Of an average month: 365 days of 24 hours, by 12. */
export const HOURS_PER_MONTH = 730;
export const MINUTES_PER_MONTH = HOURS_PER_MONTH * 60;
export const SECONDS_PER_MONTH = MINUTES_PER_MONTH * 60;
export const BYTES_PER_TB = 1e12;
export const BYTES_PER_GB = 1e9;
