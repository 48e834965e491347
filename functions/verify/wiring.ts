import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbVerifiedPlaces } from '../../shared/adapters/dynamodb/verified-places.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { verifyPorts } from '../../shared/verify/connect.ts';
import type { VerifyPorts } from '../../shared/verify/ports.ts';
import type { VerifiedPlaces } from '../../shared/verify/verified-place.ts';
import { connectEnd } from '../connect-end.ts';
import type { MapEnvironment } from '../environment.ts';

const CLIENT_ID = 'causeway-verify';
const TABLE_TIMEOUTS = timeLimits(1_000, 3_000);
const TABLE_ATTEMPTS = 3;
const MINUTE_MS = 60_000;

export interface VerifyWiring {
  /** For one run: what it asks of a cluster is ended by the signal. */
  readonly portsOf: (signal: AbortSignal) => VerifyPorts;
  readonly places: VerifiedPlaces;
  /** From the begin of a run to that of the next one. */
  readonly intervalMs: number;
}

/** Everything that `verify` is made of. Connects to nothing yet. */
export function wire({ FLOW, OFFSET_MAP_TABLE, OFFSET_MAP_REGION }: MapEnvironment): VerifyWiring {
  const [from, to] = [connectEnd(FLOW.source, CLIENT_ID), connectEnd(FLOW.target, CLIENT_ID)];
  const table = new DynamoDBClient({
    region: OFFSET_MAP_REGION,
    requestHandler: TABLE_TIMEOUTS,
    maxAttempts: TABLE_ATTEMPTS,
  });
  const reach = {
    admin: { source: from.admin, target: to.admin },
    data: { source: from.data, target: to.data },
    tableName: OFFSET_MAP_TABLE,
    table,
    fromTable: <T>(_right: string, read: () => Promise<T>) => read(),
  };
  return {
    portsOf: (signal) => verifyPorts(FLOW, { ...reach, signal }),
    places: new DynamoDbVerifiedPlaces(table, OFFSET_MAP_TABLE, flowOf(FLOW)),
    intervalMs: FLOW.verify.intervalMinutes * MINUTE_MS,
  };
}
