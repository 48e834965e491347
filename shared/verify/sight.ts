/** How much of a log is looked at, or held: records, or fewer where they are large. */
interface Extent {
  readonly records: number;
  /** Of their keys, values and headers. */
  readonly bytes: number;
}

const MB = 1 << 20;
/** Of each side: what is looked at to find where both agree again. */
const IN_SIGHT: Extent = { records: 500, bytes: 24 * MB };
/** Of each side, besides the rest of a batch: so that not every record is waited for. */
const IN_MEMORY: Extent = { records: 1_000, bytes: 32 * MB };
/** Records that there have to be, however large they are: both logs agree again where eight in a row do. */
const FEWEST = 10;

/** What is in memory of a log. */
interface View {
  readonly length: number;
  readonly bytes: number;
  readonly isEnded: boolean;
}

/** Whether more is not to be held. */
export function isFull(view: View): boolean {
  return reaches(view, IN_MEMORY);
}

/** Whether as much can be seen as is looked at. */
export function isFullSight(view: View): boolean {
  return reaches(view, IN_SIGHT);
}

/** Whether enough of a log is in memory to find out what is the matter, should something be. */
export function isInSight(view: View): boolean {
  return view.isEnded || isFullSight(view);
}

/**
 * How many records are looked at of those in memory. It depends on the records alone, not on how many happen to be in memory: runs
 * that go on from one another come to what one comparison comes to.
 * @param sizeOf bytes of the `i`th
 */
export function sightOf({ length }: View, sizeOf: (i: number) => number): number {
  let bytes = 0;
  for (let count = 0; count < length; count++) {
    if (reaches({ length: count, bytes }, IN_SIGHT)) return count;
    bytes += sizeOf(count);
  }
  return length;
}

function reaches(view: Pick<View, 'length' | 'bytes'>, extent: Extent): boolean {
  return view.length >= extent.records || (view.length >= FEWEST && view.bytes >= extent.bytes);
}
