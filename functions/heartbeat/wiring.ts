import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveSecret } from '../../shared/adapters/aws/secrets.ts';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbSourceEnds } from '../../shared/adapters/dynamodb/source-ends.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { CommittedEnds } from '../../shared/adapters/kafka/committed-ends.ts';
import { connectCluster } from '../../shared/adapters/kafka/connect.ts';
import { Arrivals } from '../../shared/adapters/kafka/mirror-topics/arrivals.ts';
import { MirrorTopic } from '../../shared/adapters/kafka/mirror-topics/mirror-topic.ts';
import { lazily } from '../../shared/adapters/lazily.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { replicatedTopics } from '../../shared/groups/knowledge.ts';
import { Pulse, type WatchedSource } from '../../shared/heartbeat/pulse.ts';
import { SourceWatch } from '../../shared/heartbeat/source-watch.ts';
import { policyFor } from '../../shared/policy/policy-settings.ts';
import { HEARTBEATS_TOPIC } from '../../shared/policy/replication-policy.ts';
import { codecs } from '../../shared/records/codec.ts';
import { systemClock } from '../clock.ts';
import type { HeartbeatEnvironment } from './environment.ts';

const CLIENT_ID = 'causeway-heartbeat';
const WRITE_TIMEOUT_MS = 5_000;
/** A source that takes longer for a question of some bytes counts as one that does not answer. */
const PROBE_TIMEOUT_MS = 3_000;
/** What is lost with the source is known to about so much of its traffic. */
const ENDS_MS = 1_000;
const TABLE_TIMEOUTS = timeLimits(1_000, 2_000);
const TABLE_ATTEMPTS = 2;

/** Everything that `heartbeat` is made of. Connects to nothing yet. */
export function wire(environment: HeartbeatEnvironment) {
  const { FLOW } = environment;
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
    source: enabled ? watched(environment) : undefined,
    clock: systemClock,
    probeTimeoutMs: PROBE_TIMEOUT_MS,
    writeTimeoutMs: WRITE_TIMEOUT_MS,
  });
  return { pulse, clock: systemClock };
}

/** Connections of its own to listen over: questions there wait, and others would wait with them. */
function watched(environment: HeartbeatEnvironment): WatchedSource {
  const { source, target, policy } = environment.FLOW;
  const listener = lazily(() => connectCluster(target, target.data, resolveSecret, `${CLIENT_ID}-listener`));
  const probed = lazily(() => connectCluster(source, source.admin, resolveSecret, `${CLIENT_ID}-probe`));
  return {
    arrivals: new Arrivals(listener, policyFor(policy).remoteTopic(source.alias, HEARTBEATS_TOPIC)),
    ask: async () => (await probed()).metadata([]),
    ends: watchOf(environment),
  };
}

/** A connection of its own to the source too: thousands of ends must not delay the sign of life. */
function watchOf({ FLOW, REGISTRY_TABLE, OFFSET_MAP_TABLE, OFFSET_MAP_REGION }: HeartbeatEnvironment): SourceWatch {
  const { source } = FLOW;
  const flow = flowOf(FLOW);
  const tables = new DynamoDBClient({
    region: OFFSET_MAP_REGION,
    requestHandler: TABLE_TIMEOUTS,
    maxAttempts: TABLE_ATTEMPTS,
  });
  const registry = new DynamoDbTopicRegistry(tables, OFFSET_MAP_TABLE, flow);
  const asked = lazily(() => connectCluster(source, source.admin, resolveSecret, `${CLIENT_ID}-ends`));
  return new SourceWatch({
    topics: async () => [...replicatedTopics((await registry.list()).topics).keys()],
    question: new CommittedEnds(source.alias, asked, systemClock.now),
    store: new DynamoDbSourceEnds(tables, REGISTRY_TABLE, flow),
    clock: systemClock,
    intervalMs: ENDS_MS,
  });
}
