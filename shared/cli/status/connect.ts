import type { Flow } from '../../config/flow-schema.ts';
import { flowStatusPorts } from '../../status/connect.ts';
import type { StatusPorts } from '../../status/ports.ts';
import { nextHere } from '../called-here.ts';
import { FlowClusters } from '../flow-clusters.ts';
import { offsetMapTable } from '../offset-map-table.ts';
import { readDeployed } from './deployed.ts';

const CLIENT_ID = 'causeway-status';

/**
 * A flow as the file has it, read from where the command is called. Connects to nothing yet.
 * @param back the same pair the other way round, which writes the heartbeats of the source
 */
export function statusPorts(flow: Flow, back: Flow | undefined, prefix: string): StatusPorts & AsyncDisposable {
  const { tableName, open: table, read: fromTable } = offsetMapTable(flow, prefix);
  const clusters = new FlowClusters(flow, CLIENT_ID);
  const { admin, data } = clusters;
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
    [Symbol.asyncDispose]: () => clusters[Symbol.asyncDispose](),
  };
}
