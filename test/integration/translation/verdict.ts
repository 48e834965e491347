import type { RecordList, TopicRecords } from './record-list.ts';

/** Percentages of the records of every partition that a group has consumed. */
export const SHARES = [100, 99, 90, 10, 0] as const;
export type Share = (typeof SHARES)[number];

/** What an application got first where it was moved to, against what it had consumed where it came from. */
export interface MoveVerdict {
  readonly share: Share;
  readonly partitions: number;
  /** Partitions in which the first record read is the first one not yet consumed. */
  readonly right: number;
  /** Records, over all partitions. */
  readonly consumed: number;
  readonly left: number;
  readonly skipped: number;
  readonly readTwice: number;
}

/** How many of a partition's `length` records a group has consumed. */
export function consumedOf(share: Share, length: number): number {
  return Math.floor((length * share) / 100);
}

/**
 * @param records of the topic in the order in which both clusters have them
 * @param consumed records of each partition that the group had consumed
 * @param first identity of the first record that it read in each partition after it was moved
 * @throws RangeError when that is no record of the topic
 */
export function judgeMove(
  share: Share,
  records: TopicRecords,
  consumed: ReadonlyMap<number, number>,
  first: ReadonlyMap<number, number>,
): MoveVerdict {
  const sum = { right: 0, consumed: 0, left: 0, skipped: 0, readTwice: 0 };
  for (const [partition, list] of records) {
    const had = consumed.get(partition) ?? 0;
    const at = placeOf(list, first.get(partition), partition);
    sum.consumed += had;
    sum.left += list.length - had;
    if (at === had) sum.right++;
    else if (at > had) sum.skipped += at - had;
    else sum.readTwice += had - at;
  }
  return { share, partitions: records.size, ...sum };
}

export function isExact({ partitions, right, skipped, readTwice }: MoveVerdict): boolean {
  return right === partitions && skipped === 0 && readTwice === 0;
}

function placeOf({ identities }: RecordList, first: number | undefined, partition: number): number {
  const at = first === undefined ? -1 : identities.indexOf(first);
  if (at < 0) throw new RangeError(`partition ${partition}: what was read first is no record of the topic`);
  return at;
}
