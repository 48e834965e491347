/** Sequence numbers of idempotent producers are whole numbers from 0 to 2^31 - 1 and then begin again at 0. */
const SEQUENCES = 2 ** 31;

export function advanceSequence(sequence: number, records: number): number {
  return (((sequence + records) % SEQUENCES) + SEQUENCES) % SEQUENCES;
}

/**
 * How many records `to` lies after `from`, by the shorter way round: negative when it lies before. Exact as long as the
 * two are less than 2^30 records apart.
 */
export function sequenceDistance(from: number, to: number): number {
  const forward = advanceSequence(to, -from);
  return forward < SEQUENCES / 2 ? forward : forward - SEQUENCES;
}
