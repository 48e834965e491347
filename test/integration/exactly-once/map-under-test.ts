import type { DynamoDbOffsetMap } from '../../../shared/adapters/dynamodb/head-store.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { toSource, toTarget } from '../../../shared/offsets/translate.ts';
import type { MapUnderTest } from './map-check.ts';

/** One partition's stored map, through the translation that consumers are moved by. */
export async function openMap(offsetMap: DynamoDbOffsetMap, partition: FlowPartition): Promise<MapUnderTest> {
  const head = await offsetMap.read(partition);
  const runs = await offsetMap.runs(partition);
  const frontier = head ?? { nextSource: sourceOffset(0), nextTarget: targetOffset(0) };
  return {
    forward: (offset) => toTarget(runs, frontier, sourceOffset(offset)),
    backward: (offset) => toSource(runs, frontier, targetOffset(offset)),
  };
}
