import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbRunJournal } from '../../adapters/dynamodb/runbook/run-journal.ts';
import { DynamoDbStatusStore } from '../../adapters/dynamodb/status-store.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowOf } from '../../flow/flow.ts';
import { flowStatusPorts } from '../../status/connect.ts';
import { nextHere } from '../called-here.ts';
import { FlowClusters } from '../flow-clusters.ts';
import { offsetMapTable, tableOf } from '../offset-map-table.ts';
import { readDeployed } from './deployed.ts';
import type { ReaderPorts } from './flow-reader.ts';

const CLIENT_ID = 'causeway-status';

/**
 * A flow as the file has it, read from where the command is called. Connects to nothing yet.
 * @param back the same pair the other way round, which writes the heartbeats of the source
 */
export function statusPorts(flow: Flow, back: Flow | undefined, prefix: string): ReaderPorts & AsyncDisposable {
  const { tableName, open, read: fromTable } = offsetMapTable(flow, prefix);
  const clusters = new FlowClusters(flow, CLIENT_ID);
  const { admin, data } = clusters;
  let opened: DynamoDBClient | undefined;
  const table = () => {
    opened ??= open();
    return opened;
  };
  const reach = {
    admin,
    data,
    tableName,
    table,
    fromTable,
    nextOf: nextHere,
    deployed: () => readDeployed(flow, prefix),
  };
  const heartbeatMs = back?.emitHeartbeats.enabled ? back.emitHeartbeats.intervalSeconds * 1_000 : undefined;
  return {
    ...flowStatusPorts(flow, reach, heartbeatMs),
    lastOfMonitor: () =>
      fromTable('dynamodb:GetItem', async () => new DynamoDbStatusStore(table(), tableName, flowOf(flow)).read()),
    lastRun: async () => {
      const { tableName: registry, read } = tableOf(flow, prefix, 'registry');
      const journal = new DynamoDbRunJournal(table(), { tableName: registry, flow: flowOf(flow) });
      const [newest] = await read('dynamodb:Query', () => journal.runs(1));
      return newest;
    },
    [Symbol.asyncDispose]: async () => {
      opened?.destroy();
      await clusters[Symbol.asyncDispose]();
    },
  };
}
