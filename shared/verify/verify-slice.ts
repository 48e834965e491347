import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import { type Bounds, boundsBeyond, boundsOf } from './bounds.ts';
import { compareLogs, type Known, lineageOf, orphansIn, wasCut } from './compare-logs.ts';
import { beginningAt, type Comparison, type ComparisonPlace } from './comparison.ts';
import { Findings } from './difference.ts';
import type { InTurn } from './in-turn.ts';
import type { ComparedPartition } from './partitions.ts';
import type { VerifyPorts } from './ports.ts';
import type { RememberedState } from './remembered.ts';
import type { VerifiedPlace } from './verified-place.ts';

const NO_TIMES = { from: undefined, to: undefined };
/** Of each side: a partition's place has to fit into an item of the table. */
const MOST_REMEMBERED = 500;

/** Why what is replicated of a partition is not verified, or not all of it. */
export const Unverified = {
  CutBack: 'a log was cut back, or a topic made anew, since: it is compared again from the beginning',
  OvertakenByRetention: 'retention took records before they were verified: those that are left are',
  GivenUp: 'so little is the same that it goes on in the next run',
  NotReached: 'there was no time for it yet: it comes first in the next run',
  PlaceUnreadable: 'where it was cannot be read: it is compared again from the beginning',
} as const;
export type Unverified = (typeof Unverified)[keyof typeof Unverified];

export interface SliceOptions {
  /** Undefined: from the beginning. */
  readonly place: VerifiedPlace | undefined;
  /** With more records that are not the same the slice ends. */
  readonly mostApart: number;
  readonly inTurn: InTurn;
  /** Asked after each turn whether the slice is to end. */
  readonly isOver: () => boolean;
}

/** What was compared of a partition at a time. */
export interface Slice {
  readonly partition: FlowPartition;
  readonly findings: Findings;
  readonly unverified?: Unverified | CausewayError;
  /** Where the next slice goes on; undefined: where this one began. */
  readonly place?: VerifiedPlace;
  /** What was replicated until then is verified, ms since the epoch; undefined: not known. */
  readonly until: number | undefined;
  /** Whether it was ended before all was compared. */
  readonly hasMore: boolean;
}

/**
 * Compares what is replicated of a partition beyond its place, as much as there is time for.
 *
 * A. Nothing beyond HEAD is compared, so that copies on their way are not missing.
 * B. Slices come to what one comparison of everything would come to: each record is judged once.
 * C. What is not the same near the end is left to the next slice, which sees what comes behind it; once, so that it is told
 *    even if nothing comes.
 * D. A slice whose log was cut back meanwhile has found nothing. One that a log cannot be read for has found what it had
 *    compared before.
 *
 * @throws CausewayError
 */
export async function verifySlice(
  ports: VerifyPorts,
  { partition, compacted }: ComparedPartition,
  { place, mostApart, inTurn, isOver }: SliceOptions,
): Promise<Slice> {
  const now = ports.now();
  const head = await ports.head(partition);
  const nothing = { partition, findings: new Findings(), hasMore: false };
  if (head === undefined || place?.allOf === head.version) return { ...nothing, until: now };
  const known = { head, ledger: await ports.ledger(partition) };
  const begun = await begin(ports, partition, known, place);
  const { bounds, from, lineage } = begun;
  const findings = new Findings();
  const ended = await inTurn(bounds.source.to - from.source, () =>
    compareLogs(
      ports,
      partition,
      known,
      { bounds, from, findings },
      {
        ...{ windows: undefined, mostApart, compacted, leavesFrom: begun.seen },
        orphans: orphansIn(known.ledger) - begun.orphaned,
      },
      (comparison) => advance(comparison, isOver),
    ),
  );
  if (await wasCut(ports, partition, begun)) return { ...nothing, unverified: Unverified.CutBack, until: place?.until };
  const { isAll, timestamp, at } = ended;
  const until = isAll ? now : timestamp === undefined ? begun.until : Math.min(timestamp, now);
  const unverified = ended.failure ?? begun.unverified ?? (ended.isGivenUp ? Unverified.GivenUp : undefined);
  return {
    ...{ partition, findings, until },
    ...(unverified && { unverified }),
    hasMore: ended.isStopped,
    place: {
      lineage,
      // What the flow leaves out behind the last record is counted, too.
      at: isAll ? { ...at, source: bounds.source.to } : at,
      seen: ended.isAtEnd ? { source: bounds.source.to, target: bounds.target.to } : begun.seen,
      orphaned: begun.orphaned + findings.tally.orphaned,
      ...(isAll && { allOf: head.version }),
      ...(until !== undefined && { until }),
    },
  };
}

interface Begun {
  readonly bounds: Bounds;
  readonly from: ComparisonPlace;
  readonly lineage: string;
  readonly seen: VerifiedPlace['seen'];
  readonly orphaned: number;
  readonly until: number | undefined;
  readonly unverified?: Unverified;
}

/** At the place, or at the beginning where there is none that the logs still have. */
async function begin(
  ports: VerifyPorts,
  partition: FlowPartition,
  { head, ledger }: Known,
  place: VerifiedPlace | undefined,
): Promise<Begun> {
  const lineage = lineageOf(head, ledger);
  if (place?.lineage !== lineage) {
    const bounds = await boundsOf(ports, partition, head, NO_TIMES);
    return {
      ...{ bounds, lineage, from: beginningAt(bounds.source.from, bounds.target.from) },
      ...{ seen: { source: 0, target: 0 }, orphaned: 0, until: place?.until },
      ...(place && { unverified: Unverified.CutBack }),
    };
  }
  const { bounds, lost } = await boundsBeyond(ports, partition, head, place.at);
  const from = lost > 0 ? beginningAt(bounds.source.from, bounds.target.from) : place.at;
  return {
    ...{ bounds, lineage, from, seen: place.seen, orphaned: place.orphaned, until: place.until },
    ...(lost > 0 && { unverified: Unverified.OvertakenByRetention }),
  };
}

/** One turn in any case, so that each slice comes further. */
async function advance(comparison: Comparison, isOver: () => boolean) {
  let hasMore = true;
  let failure: CausewayError | undefined;
  try {
    do hasMore = await comparison.advance();
    while (hasMore && !isOver());
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    failure = error;
  }
  const { isGivenUp, leavesRest, timestamp, place } = comparison;
  return {
    isAtEnd: !hasMore && !isGivenUp,
    isAll: !hasMore && !isGivenUp && !leavesRest,
    isStopped: hasMore && failure === undefined,
    ...{ isGivenUp, failure, timestamp },
    at: { ...place, missed: newest(place.missed), strays: newest(place.strays) },
  };
}

function newest(remembered: RememberedState): RememberedState {
  return remembered.slice(-MOST_REMEMBERED);
}
