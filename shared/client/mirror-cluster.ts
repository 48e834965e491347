import type { LoggedRecord } from '../mm2/mirror-log.ts';

/** What a MirrorClient asks of the one cluster that it looks at. */
export interface MirrorCluster {
  /** Names of all topics but Kafka's own internal ones. */
  listTopics(): Promise<readonly string[]>;
  /**
   * Partition 0 of a checkpoints topic, from its start to the end that it has when it is read, for as long as the
   * time-out allows.
   */
  readCheckpoints(topic: string, timeoutMs: number): Promise<CheckpointsRead>;
  close(): Promise<void>;
}

export interface CheckpointsRead {
  /** In the order of the log. */
  readonly records: readonly LoggedRecord[];
  /** False when the time-out came before the end. */
  readonly complete: boolean;
}
