import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { Hold } from '../../ledger/hold.ts';
import { RunbookKind } from '../../runbook/runbook.ts';
import { RegistryCorrupt } from './errors.ts';
import type { Item } from './items.ts';

/** Sort key of the hold, under the flow's own partition key. */
export const HOLD_KEY = 'HOLD';

const holdItem = z.object({ generation: z.int().min(1), since: z.int(), kind: z.enum(RunbookKind) });

export function holdItemKey(flow: FlowId): Item {
  return marshall({ pk: flowName(flow), sk: HOLD_KEY });
}

export function encodeHold(flow: FlowId, { generation, since, kind }: Hold): Item {
  return { ...holdItemKey(flow), ...marshall({ generation, since, kind }) };
}

/** @throws RegistryCorrupt when the item is not one of Causeway's */
export function decodeHold(flow: FlowId, item: Item): Hold {
  const parsed = holdItem.safeParse(unmarshall(item));
  if (!parsed.success) throw new RegistryCorrupt(flow, HOLD_KEY, parsed.error);
  return parsed.data;
}

/** Part of a transaction: that the flow is not held. */
export function isNotHeld(tableName: string, flow: FlowId): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: tableName,
      Key: holdItemKey(flow),
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
