import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { MirrorTopic } from '../../shared/adapters/kafka/mirror-topics/mirror-topic.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import type { Flow } from '../../shared/config/flow-schema.ts';
import { policyFor } from '../../shared/policy/policy-settings.ts';
import { codecs } from '../../shared/records/codec.ts';

const CLIENT_ID = 'causeway-replicate-syncs';

/**
 * Where a flow's offset syncs go; made by the first that are written. With connections of its own, so that no question
 * of a delivery waits behind them, which are opened then.
 */
export function offsetSyncsTopic({ source, target, policy, offsetSyncs, compression }: Flow): MirrorTopic {
  const [at, other] = offsetSyncs.location === 'source' ? [source, target] : [target, source];
  const connect = lazily(() => connectCluster(at, at.data, resolveSecret, CLIENT_ID));
  return new MirrorTopic({
    topic: policyFor(policy).offsetSyncsTopic(other.alias),
    replicationFactor: offsetSyncs.replicationFactor,
    codec: codecs[compression],
    admin: connect,
    data: connect,
  });
}
