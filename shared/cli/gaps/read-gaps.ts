import { DynamoDbQuarantine } from '../../adapters/dynamodb/quarantine.ts';
import { readLedger } from '../../adapters/dynamodb/read-ledger.ts';
import { DynamoDbTopicRegistry } from '../../adapters/dynamodb/topic-registry.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowName, flowOf } from '../../flow/flow.ts';
import { askedTopics } from '../../ledger/asked-topics.ts';
import { byTime, type Gap } from '../../ledger/gap.ts';
import type { Repair } from '../../ledger/repair/repair.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import { offsetMapTable } from '../offset-map-table.ts';

/** Queries at a time: one for each record that was set aside. */
const SIDE_BY_SIDE = 32;

export interface FoundGap extends Gap {
  /** Of a record that was set aside: where it was written since. */
  readonly repairs?: readonly Repair[];
}

export interface FlowGaps {
  readonly flow: string;
  /** Topics of the flow that were asked about. */
  readonly topics: number;
  /** Those of its topics that were asked about, the newest first. */
  readonly gaps: readonly FoundGap[];
}

/** Asks the flow's offset map alone: no broker has to be reachable. @throws TopicNotInFlowError, CausewayError */
export async function readGaps(flow: Flow, prefix: string, topic: string | undefined): Promise<FlowGaps> {
  const id = flowOf(flow);
  const { tableName, open, read } = offsetMapTable(flow, prefix);
  const table = open();
  try {
    const { topics } = await read('dynamodb:Query', () => new DynamoDbTopicRegistry(table, tableName, id).list());
    const asked = askedTopics(id, topics, topic);
    const gaps = await read('dynamodb:Query', async () => {
      return withRepairs(await readLedger(table, tableName, id, asked), new DynamoDbQuarantine(table, tableName));
    });
    return { flow: flowName(id), topics: asked.length, gaps: gaps.toSorted(byTime) };
  } finally {
    table.destroy();
  }
}

function withRepairs(gaps: readonly Gap[], setAside: DynamoDbQuarantine): Promise<readonly FoundGap[]> {
  const found = async ({ partition, entry }: Gap): Promise<FoundGap> => {
    if (entry.kind !== 'quarantine') return { partition, entry };
    return { partition, entry, repairs: await setAside.repairs(partition, entry.from) };
  };
  return sideBySide(gaps, found, () => true, SIDE_BY_SIDE);
}
