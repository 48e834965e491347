import { type FlowId, type FlowPartition, flowName } from '../../flow/flow.ts';
import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../../flow/offset.ts';
import type { OffsetMapView, TranslationRequest } from '../../groups/ports.ts';
import type { MapPoint, Translation } from '../../groups/translation.ts';
import type { TopicItem } from '../../ledger/topic-registry.ts';
import { Direction } from './answer.ts';

export type Found = Translation<SourceOffset> | Translation<TargetOffset>;

/** Which of the two sides of a flow an offset is of. */
export interface Way {
  readonly direction: Direction;
  readonly flow: string;
  /** Alias of the cluster that the offset is of. */
  readonly from: string;
  readonly to: string;
  /** The topic's name on that cluster. */
  nameFrom(item: TopicItem): string;
  nameTo(item: TopicItem): string;
  ask(partition: FlowPartition, offsets: readonly number[]): TranslationRequest;
  find(map: OffsetMapView, topic: string, partition: number, offset: number): Found;
  /** The map's id of the topic on the side that the offset is of, and on the other. */
  topicIds(ids: { readonly source: string; readonly target: string }): { readonly from: string; readonly to: string };
  point(offset: number, other: number): MapPoint;
  other(point: MapPoint): number;
}

export function wayOf(flow: FlowId, direction: Direction): Way {
  return direction === Direction.Forward ? forward(flow) : backward(flow);
}

function forward(flow: FlowId): Way {
  return {
    direction: Direction.Forward,
    flow: flowName(flow),
    from: flow.source,
    to: flow.target,
    nameFrom: ({ topic }) => topic,
    nameTo: ({ remoteTopic }) => remoteTopic,
    ask: (partition, offsets) => ({ partition, toTarget: offsets.map(sourceOffset), toSource: [] }),
    find: (map, topic, partition, offset) => map.toTarget(topic, partition, sourceOffset(offset)),
    topicIds: ({ source, target }) => ({ from: source, to: target }),
    point: (offset, other) => ({ source: sourceOffset(offset), target: targetOffset(other) }),
    other: ({ target }) => target,
  };
}

function backward(flow: FlowId): Way {
  return {
    direction: Direction.Backward,
    flow: flowName(flow),
    from: flow.target,
    to: flow.source,
    nameFrom: ({ remoteTopic }) => remoteTopic,
    nameTo: ({ topic }) => topic,
    ask: (partition, offsets) => ({ partition, toTarget: [], toSource: offsets.map(targetOffset) }),
    find: (map, topic, partition, offset) => map.toSource(topic, partition, targetOffset(offset)),
    topicIds: ({ source, target }) => ({ from: target, to: source }),
    point: (offset, other) => ({ source: sourceOffset(other), target: targetOffset(offset) }),
    other: ({ source }) => source,
  };
}
