import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { Arrivals } from '../../shared/adapters/kafka/mirror-topics/arrivals.ts';
import { MirrorTopic } from '../../shared/adapters/kafka/mirror-topics/mirror-topic.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import type { Flow } from '../../shared/config/flow-schema.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { Pulse, type WatchedSource } from '../../shared/heartbeat/pulse.ts';
import { policyFor } from '../../shared/policy/policy-settings.ts';
import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import { codecs } from '../../shared/records/codec.ts';
import { systemClock } from '../clock.ts';
import type { FlowEnvironment } from '../environment.ts';

const CLIENT_ID = 'causeway-heartbeat';
const WRITE_TIMEOUT_MS = 5_000;
/** A source that takes longer for a question of some bytes counts as one that does not answer. */
const PROBE_TIMEOUT_MS = 3_000;

/** Everything that `heartbeat` is made of. Connects to nothing yet. */
export function wire({ FLOW }: FlowEnvironment) {
  const { target, emitHeartbeats, enabled } = FLOW;
  const flow = flowOf(FLOW);
  const pulse = new Pulse({
    flow,
    intervalMs: emitHeartbeats.intervalSeconds * 1_000,
    heartbeats: new MirrorTopic({
      topic: HEARTBEATS_TOPIC,
      replicationFactor: emitHeartbeats.replicationFactor,
      codec: codecs.none,
      admin: lazily(() => connectCluster(target, target.admin, resolveSecret, CLIENT_ID)),
      data: lazily(() => connectCluster(target, target.data, resolveSecret, CLIENT_ID)),
    }),
    source: enabled ? watched(FLOW) : undefined,
    clock: systemClock,
    probeTimeoutMs: PROBE_TIMEOUT_MS,
    writeTimeoutMs: WRITE_TIMEOUT_MS,
  });
  return { flow, pulse, clock: systemClock };
}

/** Connections of its own to listen over: questions there wait, and others would wait with them. */
function watched({ source, target, policy }: Flow): WatchedSource {
  const listener = lazily(() => connectCluster(target, target.data, resolveSecret, `${CLIENT_ID}-listener`));
  const probed = lazily(() => connectCluster(source, source.admin, resolveSecret, `${CLIENT_ID}-probe`));
  return {
    arrivals: new Arrivals(listener, policyFor(policy).remoteTopic(source.alias, HEARTBEATS_TOPIC)),
    ask: async () => (await probed()).metadata([]),
  };
}
