/** A directed pair of clusters by their aliases, written `us-east->us-west` as in `mm2.properties`. */
export interface FlowId {
  readonly source: string;
  readonly target: string;
}

/** What says between which clusters a flow runs: a configured flow, and whatever names its ends alike. */
export interface FlowEnds {
  readonly source: { readonly alias: string };
  readonly target: { readonly alias: string };
}

export function flowOf({ source, target }: FlowEnds): FlowId {
  return { source: source.alias, target: target.alias };
}

export function flowName(flow: FlowId): string {
  return `${flow.source}->${flow.target}`;
}

/**
 * One partition of a topic that a flow copies. `topic` is the name on the source, `remoteTopic` on the target; the
 * partition number is the same on both.
 */
export interface FlowPartition {
  readonly flow: FlowId;
  readonly topic: string;
  readonly remoteTopic: string;
  readonly partition: number;
  /**
   * Counts the incarnations of this topic pair: 1, then one more each time the source or the target topic is made anew
   * under the same name. Offset map, transactional id and consumer group of one generation are never used by another.
   */
  readonly generation: number;
  /** First offset that is to be copied; undefined: that was not noted, and copying begins where the first delivery does. */
  readonly begin?: number;
}

/** `us-east->us-west orders-3`, as every message and log line names a partition. */
export function describePartition(p: FlowPartition): string {
  return `${flowName(p.flow)} ${p.topic}-${p.partition}`;
}
