import { resolveSecret } from '../shared/adapters/aws/secrets.ts';
import type { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { connectCluster } from '../shared/adapters/kafka/connect.ts';
import { lazily } from '../shared/adapters/lazily.ts';
import type { FlowEnd } from '../shared/config/flow-schema.ts';

export interface EndOfFlow {
  /** The client that looks after groups and topics. */
  readonly admin: () => Promise<KafkaCluster>;
  /** The client that reads the source or writes to the target. */
  readonly data: () => Promise<KafkaCluster>;
}

/**
 * One end of a flow. It is connected, and its secrets are read, when it is first asked: a source whose region is lost
 * must not keep the function from beginning.
 */
export function connectEnd(end: FlowEnd, clientId: string): EndOfFlow {
  return {
    admin: lazily(() => connectCluster(end, end.admin, resolveSecret, clientId)),
    data: lazily(() => connectCluster(end, end.data, resolveSecret, clientId)),
  };
}
