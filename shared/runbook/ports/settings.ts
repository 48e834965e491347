/** What may differ between deployments; times in ms. */
export interface RunbookSettings {
  /** How long the ends of the source's partitions have to stay as they are before its writers count as fenced. */
  readonly writersFlatMs: number;
  /** Producers that follow the registry may write for so long after the fence. */
  readonly writersSettleMs: number;
  /** How long the ends of the remote topics have to stay as they are before the flow counts as stopped. */
  readonly flowFlatMs: number;
  /** A heartbeat older than this is a sign that its cluster is gone. */
  readonly heartbeatGoneMs: number;
  /** The source's control plane is waited for so long in an emergency. */
  readonly controlPlaneMs: number;
  /** Records that may be left to copy when a planned run begins. */
  readonly mostToDrain: number;
  /** A group may have consumed for so long since its last checkpoint. */
  readonly checkpointAgeMs: number;
  /** Between the two looks at the lag of moved groups. */
  readonly lagPauseMs: number;
  /** Records that an emergency may lose without a warning. */
  readonly lossAllowed: number;
  /** Whether the brokers of the cluster that is left are to refuse writers too. */
  readonly fenceByAcls: boolean;
}

/** Heartbeats are written each second, and arrive within one or two. Checkpoints are written every five seconds. */
export const DEFAULT_SETTINGS: RunbookSettings = {
  writersFlatMs: 5_000,
  writersSettleMs: 15_000,
  flowFlatMs: 2_000,
  heartbeatGoneMs: 10_000,
  controlPlaneMs: 5_000,
  mostToDrain: 1_000_000,
  checkpointAgeMs: 60_000,
  lagPauseMs: 30_000,
  lossAllowed: 0,
  fenceByAcls: false,
};
