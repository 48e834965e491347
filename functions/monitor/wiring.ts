import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbStatusStore } from '../../shared/adapters/dynamodb/status-store.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { compileNameList } from '../../shared/policy/name-list.ts';
import { flowStatusPorts } from '../../shared/status/connect.ts';
import type { StatusPorts } from '../../shared/status/ports.ts';
import type { StatusStore } from '../../shared/status/store.ts';
import { connectEnd } from '../connect-end.ts';
import type { MapEnvironment } from '../environment.ts';

const CLIENT_ID = 'causeway-monitor';
const TABLE_TIMEOUTS = timeLimits(1_000, 3_000);

export interface MonitorWiring {
  readonly ports: StatusPorts;
  readonly store: StatusStore;
  /** Whether a topic has metrics of its own (`causeway.metrics.topics`). */
  readonly isMeasured: (topic: string) => boolean;
}

/** Everything that `monitor` is made of. Connects to nothing yet. */
export function wire({ FLOW, OFFSET_MAP_TABLE, OFFSET_MAP_REGION }: MapEnvironment): MonitorWiring {
  const flow = flowOf(FLOW);
  const [from, to] = [connectEnd(FLOW.source, CLIENT_ID), connectEnd(FLOW.target, CLIENT_ID)];
  const table = new DynamoDBClient({ region: OFFSET_MAP_REGION, requestHandler: TABLE_TIMEOUTS, maxAttempts: 2 });
  const reach = {
    admin: { source: from.admin, target: to.admin },
    data: { source: from.data, target: to.data },
    tableName: OFFSET_MAP_TABLE,
    table: () => table,
    fromTable: <T>(_right: string, read: () => Promise<T>) => read(),
    // It is a part of what it would ask for.
    deployed: async () => ({ state: 'as-the-file' }) as const,
    nextOf: ({ next }: { readonly next: string }) => next,
  };
  return {
    // The heartbeats of the source are another flow's; that they are missing is told by those that arrive.
    ports: flowStatusPorts(FLOW, reach, undefined),
    store: new DynamoDbStatusStore(table, OFFSET_MAP_TABLE, flow),
    isMeasured: compileNameList(FLOW.metrics.topics).matches,
  };
}
