import type { SourceOffset, TargetOffset } from '../flow/offset.ts';

/** A copied record's place on both sides. */
export interface MapPoint {
  readonly source: SourceOffset;
  readonly target: TargetOffset;
}

/** Where an offset of one side of a flow is on the other, as its offset map says. */
export type Translation<O extends SourceOffset | TargetOffset> =
  /** The first copied record at or after the one asked for stands here. */
  | { readonly kind: 'exact'; readonly offset: O }
  /**
   * All that is copied lies before the offset asked for: replication goes on here, `beyond` offsets before it. With
   * `beyond` 0 that is exact too: whatever comes next comes here.
   */
  | { readonly kind: 'clamped'; readonly offset: O; readonly beyond: number }
  /** Older than what the map keeps: records between the one asked for and `nearest` may have been copied. */
  | { readonly kind: 'too-old'; readonly nearest: MapPoint }
  /** Nothing of the partition was copied yet, as far as this flow knows. */
  | { readonly kind: 'unmapped' }
  /** The map did not answer for this partition. */
  | { readonly kind: 'unreadable'; readonly code: string };
