import { readLedger } from '../../adapters/dynamodb/read-ledger.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { byTime, type Gap } from '../../ledger/gap.ts';
import { offsetMapTable } from '../offset-map-table.ts';

export interface FlowGaps {
  readonly flow: string;
  /** Those of its topics that were asked about, the newest first. */
  readonly gaps: readonly Gap[];
}

/** Asks the flow's offset map alone: no broker has to be reachable. @throws CausewayError */
export async function readGaps(flow: Flow, prefix: string, topic: string | undefined): Promise<FlowGaps> {
  const id = flowOf(flow);
  const { tableName, open, read } = offsetMapTable(flow, prefix);
  const table = open();
  try {
    const gaps = await read('dynamodb:Query', async () => {
      const { topics } = await new DynamoDbTopicRegistry(table, tableName, id).list();
      const asked = topics.filter((item) => topic === undefined || item.topic === topic || item.remoteTopic === topic);
      return readLedger(table, tableName, id, asked);
    });
    return { flow: flowName(id), gaps: gaps.toSorted(byTime) };
  } finally {
    table.destroy();
  }
}
