import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { physicalName } from '../../infra/flow/names.ts';
import { timeLimits } from '../adapters/aws/time-limits.ts';
import type { Flow } from '../config/flow-schema.ts';
import { flowName, flowOf } from '../flow/flow.ts';
import { callFailed } from './deployment-errors.ts';
import { regionOf } from './flow-region.ts';

const TIMEOUTS = timeLimits(3_000, 5_000);

/** A flow's offset map, read from where the command is called. Connects to nothing yet. */
export function offsetMapTable(flow: Flow, prefix: string) {
  return tableOf(flow, prefix, 'offset-map');
}

/** A table of a flow in its target's region, as `offsetMapTable`. */
export function tableOf(flow: Flow, prefix: string, resource: 'offset-map' | 'registry') {
  const id = flowOf(flow);
  const tableName = physicalName(prefix, id, resource);
  return {
    tableName,
    /** @throws RegionUnknownError */
    open: () => new DynamoDBClient({ region: regionOf(flow, 'target'), requestHandler: TIMEOUTS, maxAttempts: 2 }),
    /**
     * @param safe of a command that also writes
     * @throws CausewayError that names the right which the reading, or writing, needs
     */
    read: async <T>(right: string, read: () => Promise<T>, safe?: string): Promise<T> => {
      try {
        return await read();
      } catch (error) {
        const { region = 'its region' } = flow.target;
        throw callFailed(
          { flow: flowName(id), thing: `table ${tableName}`, region, half: 'target' },
          right,
          error,
          safe,
        );
      }
    },
  };
}
