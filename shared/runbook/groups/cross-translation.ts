import { type SourceOffset, sourceOffset, type TargetOffset, targetOffset } from '../../flow/offset.ts';
import type { OffsetMapView } from '../../groups/ports.ts';
import type { MapPoint, Translation } from '../../groups/translation.ts';

/** A {@link Translation} from the cluster that is left to the one that is moved to, by whichever flow's map. */
export type CrossTranslation =
  | { readonly kind: 'exact'; readonly offset: number }
  | { readonly kind: 'clamped'; readonly offset: number; readonly beyond: number }
  | { readonly kind: 'too-old'; readonly nearest: { readonly from: number; readonly to: number } }
  | { readonly kind: 'unmapped' }
  | { readonly kind: 'unreadable'; readonly code: string };

/** By the map of the flow that goes the same way: of topics whose originals are on `from`. */
export function byForwardMap(map: OffsetMapView, topic: string, partition: number, offset: number): CrossTranslation {
  return crossing(map.toTarget(topic, partition, sourceOffset(offset)), ({ source, target }) => {
    return { from: source, to: target };
  });
}

/** By the map of the flow that comes back, read against its way: of copies whose originals are on `to`. */
export function byBackwardMap(map: OffsetMapView, topic: string, partition: number, offset: number): CrossTranslation {
  return crossing(map.toSource(topic, partition, targetOffset(offset)), ({ source, target }) => {
    return { from: target, to: source };
  });
}

function crossing(
  found: Translation<SourceOffset> | Translation<TargetOffset>,
  turn: (point: MapPoint) => { readonly from: number; readonly to: number },
): CrossTranslation {
  return found.kind === 'too-old' ? { kind: 'too-old', nearest: turn(found.nearest) } : found;
}
