import type { SourceOffset, TargetOffset } from '../flow/offset.ts';
import type { SourceRange } from '../offsets/head.ts';

/** Source offsets that are not in the target, and why. The range is exact: `from` up to, not including, `to`. */
export type LedgerEntry =
  /** The source deleted them (retention, DeleteRecords) before they were copied. */
  | { readonly kind: 'retention-gap'; readonly from: SourceOffset; readonly to: SourceOffset; readonly at: number }
  /** The record is larger than the target takes; its bytes are in the quarantine store under `location`. */
  | {
      readonly kind: 'quarantine';
      readonly from: SourceOffset;
      readonly to: SourceOffset;
      readonly location: string;
      readonly at: number;
    }
  /** The source log was cut back to `from`; the target keeps what had been copied of `from`..`to`, new records follow. */
  | {
      readonly kind: 'source-divergence';
      readonly from: SourceOffset;
      readonly to: SourceOffset;
      readonly at: number;
    }
  /**
   * The target lost the end of its log, `logEnd` up to what had been acknowledged (`nextTarget`), and with it the source
   * offsets in `lost`. They are copied again as far as the source still holds them.
   */
  | {
      readonly kind: 'target-divergence';
      readonly from: SourceOffset;
      readonly to: SourceOffset;
      readonly logEnd: TargetOffset;
      readonly nextTarget: TargetOffset;
      readonly lost: readonly SourceRange[];
      readonly at: number;
    };
