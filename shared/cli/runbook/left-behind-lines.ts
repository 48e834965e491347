import type { FlowId } from '../../flow/flow.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import {
  describeLeftBehind,
  type LeftBehind,
  type LeftBehindPartition,
  type OffsetRange,
} from '../../runbook/left-behind/left-behind.ts';
import type { Page } from '../terminal/page.ts';

/** Lines for partitions of which all has arrived say little; those with something missing come first, and so many in all. */
const MOST_LINES = 20;

/** What a failover left behind, partition by partition. */
export function leftBehindLines({ style }: Page, flow: FlowId, left: LeftBehind): readonly string[] {
  const isWhole = left.missing + left.unknown === 0;
  const head = describeLeftBehind(flow, left);
  const sorted = left.partitions.toSorted((a, b) => weight(b) - weight(a));
  const more = sorted.length - MOST_LINES;
  return [
    isWhole ? style.good(head) : style.bad(head),
    ...sorted.slice(0, MOST_LINES).map((each) => `  ${describe(each)}`),
    ...(more > 0 ? [`  and ${more} partitions more: --json has all`] : []),
  ];
}

function weight({ missing, because }: LeftBehindPartition): number {
  if (because !== undefined) return Number.POSITIVE_INFINITY;
  return missing === undefined ? 0 : missing.to - missing.from;
}

function describe({ arrived, arrivedAt, missing, because, ...place }: LeftBehindPartition): string {
  const there = arrivedAt === undefined ? '' : `, at ${offsets(arrivedAt)} of the copy`;
  const parts = [
    ...(arrived === undefined ? [] : [`${offsets(arrived)} arrived${there}`]),
    ...(missing === undefined ? [] : [`${offsets(missing)} missing`]),
    ...(because === undefined ? [] : [because]),
  ];
  return `${describeTopicPartition(place)}: ${parts.join('; ')}`;
}

/** Both ends count, as in logs of brokers. */
function offsets({ from, to }: OffsetRange): string {
  return to - from === 1 ? `offset ${from}` : `offsets ${from} to ${to - 1}`;
}
