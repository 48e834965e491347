import { type SourceOffset, sourceOffset } from '../../../shared/flow/offset.ts';
import { NOTHING_SEEN, type PartitionEnds, type SeenEnd, type SourceEnds } from '../../../shared/loss/source-ends.ts';

export function endsWith(changes: Partial<SourceEnds>): SourceEnds {
  return { ...NOTHING_SEEN, ...changes };
}

/** @param seen sample and end, newest first */
export function partitionEnds(
  topic: string,
  partition: number,
  seen: readonly [readonly [number, number], ...(readonly [number, number])[]],
  changes: Partial<Omit<PartitionEnds, 'committedEnd'>> & { readonly committedEnd?: number } = {},
): PartitionEnds {
  const seenEnd = ([sample, logEnd]: readonly [number, number]): SeenEnd => ({ sample, logEnd: at(logEnd) });
  const [newest, ...older] = seen;
  const { committedEnd = newest[1], ...rest } = changes;
  return {
    topic,
    partition,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    committedEnd: at(committedEnd),
    seen: [seenEnd(newest), ...older.map(seenEnd)],
    peak: { current: 0, previous: 0 },
    ...rest,
  };
}

export function at(offset: number): SourceOffset {
  return sourceOffset(offset);
}
