import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbMapReader } from '../../shared/adapters/dynamodb/read-map/reader.ts';
import { DynamoDbTopicRegistry } from '../../shared/adapters/dynamodb/topic-registry.ts';
import { MirrorTopic } from '../../shared/adapters/kafka/mirror-topics/mirror-topic.ts';
import { CheckpointTicker } from '../../shared/checkpoint/ticker.ts';
import { flowPolicy } from '../../shared/config/flow-policy.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import { compileNameList } from '../../shared/policy/name-list.ts';
import { codecs } from '../../shared/records/codec.ts';
import { systemClock } from '../clock.ts';
import { connectEnd } from '../connect-end.ts';
import type { MapEnvironment } from '../environment.ts';
import { CLIENT_ID, groupsOf } from './clusters.ts';

const TABLE_TIMEOUTS = timeLimits(1_000, 2_000);
const TABLE_ATTEMPTS = 2;
/** A call to either cluster takes at least so long before it is given up, and at most. */
const QUICKEST_TIMEOUT_MS = 3_000;
const SLOWEST_TIMEOUT_MS = 15_000;
/**
 * Of that time, for the runs of groups that are far behind. What is found is kept: thousands of partitions that are all
 * looked up for the first time are spread over ticks.
 */
const CLOSED_RUNS_SHARE = 0.6;

export interface CheckpointWiring {
  /** Whether offsets are committed on the target. */
  readonly commits: boolean;
  readonly ticker: CheckpointTicker;
  readonly clock: { readonly now: () => number; readonly wait: (ms: number) => Promise<void> };
}

/** Everything that `checkpoint` is made of. Connects to nothing yet. */
export function wire({ FLOW, OFFSET_MAP_TABLE, OFFSET_MAP_REGION }: MapEnvironment): CheckpointWiring {
  const { source, target, groups, emitCheckpoints, syncGroupOffsets, refreshGroups, compression } = FLOW;
  const flow = flowOf(FLOW);
  const { policy, covers } = flowPolicy(FLOW);
  const emitMs = emitCheckpoints.intervalSeconds * 1_000;
  const syncMs = syncGroupOffsets.enabled ? syncGroupOffsets.intervalSeconds * 1_000 : undefined;
  const tickMs = Math.min(emitMs, syncMs ?? emitMs);
  const timeoutMs = Math.min(SLOWEST_TIMEOUT_MS, Math.max(QUICKEST_TIMEOUT_MS, tickMs));
  const table = new DynamoDBClient({
    region: OFFSET_MAP_REGION,
    requestHandler: TABLE_TIMEOUTS,
    maxAttempts: TABLE_ATTEMPTS,
  });
  const [from, to] = [connectEnd(source, CLIENT_ID), connectEnd(target, CLIENT_ID)];
  const ticker = new CheckpointTicker(
    {
      source: groupsOf(source, from, { toOffset: sourceOffset, timeoutMs }),
      target: groupsOf(target, to, { toOffset: targetOffset, timeoutMs }),
      maps: new DynamoDbMapReader(table, {
        tableName: OFFSET_MAP_TABLE,
        patienceMs: timeoutMs,
        closedRunsMs: timeoutMs * CLOSED_RUNS_SHARE,
      }),
      registry: new DynamoDbTopicRegistry(table, OFFSET_MAP_TABLE, flow),
      checkpoints: new MirrorTopic({
        topic: policy.checkpointsTopic(source.alias),
        replicationFactor: emitCheckpoints.replicationFactor,
        codec: codecs[compression],
        ...to,
      }),
      clock: systemClock,
    },
    {
      flow,
      rules: { include: compileNameList(groups.include), exclude: compileNameList(groups.exclude) },
      whyNot: (topic) => {
        const verdict = covers(topic);
        return verdict.covered ? 'covered, and not replicated yet' : verdict.reason;
      },
      emitMs,
      syncMs,
      refreshMs: refreshGroups.enabled ? refreshGroups.intervalSeconds * 1_000 : Number.POSITIVE_INFINITY,
      writeTimeoutMs: timeoutMs,
    },
  );
  return { commits: syncMs !== undefined, ticker, clock: systemClock };
}
