import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { sourceOffset } from '../../flow/offset.ts';
import type { PartitionEnds, SeenEnd } from '../../loss/source-ends.ts';
import { decodeVarints, encodeVarints } from './varints.ts';

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

/** Name, topic id, and how many of the rows that follow are its partitions. */
const topicList = z.array(z.tuple([z.string().min(1), z.string(), z.int().min(1)]));
const LENGTH_BYTES = 4;
/** Partition, open transactions' records, peaks, newest sample and end; then a number for each older sample. */
const FIXED_COLUMNS = 6;

/**
 * Partitions column by column, so that what is alike stands together, deflated: a list of topics as JSON, then whole
 * numbers as varints. An older end is the step back from the next newer one that is known, plus 1; 0: not told.
 *
 * @param samples how many samples the partitions speak of
 */
export async function packEnds(partitions: readonly PartitionEnds[], samples: number): Promise<Uint8Array> {
  const topics: [string, string, number][] = [];
  for (const { topic, topicId } of partitions) {
    const last = topics.at(-1);
    if (last?.[0] === topic && last[1] === topicId) last[2]++;
    else topics.push([topic, topicId, 1]);
  }
  const rows = partitions.map((each) => rowOf(each, samples));
  const columns = Array.from({ length: FIXED_COLUMNS + samples }, (_, column) => rows.map((row) => row[column] ?? 0));
  const names = Buffer.from(JSON.stringify(topics));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(names.length);
  return deflated(Buffer.concat([length, names, encodeVarints(columns.flat())]));
}

/** @throws RangeError, SyntaxError, ZodError or zlib's errors when the bytes are not what {@link packEnds} made */
export async function unpackEnds(bytes: Uint8Array, samples: number): Promise<PartitionEnds[]> {
  const plain = await inflated(bytes);
  const rowsAt = LENGTH_BYTES + plain.readUInt32BE();
  const topics = topicList.parse(JSON.parse(plain.toString('utf8', LENGTH_BYTES, rowsAt)));
  const values = decodeVarints(plain.subarray(rowsAt));
  const count = topics.reduce((sum, [, , partitions]) => sum + partitions, 0);
  if (values.length !== count * (FIXED_COLUMNS + samples)) {
    throw new RangeError(`${values.length} numbers are not ${count} partitions of ${samples} samples`);
  }
  let row = 0;
  return topics.flatMap(([topic, topicId, partitions]) =>
    Array.from({ length: partitions }, (): PartitionEnds => {
      const at = row++;
      return { topic, topicId, ...readRow((column) => values[column * count + at] ?? 0, samples) };
    }),
  );
}

function rowOf({ partition, committedEnd, peak, seen }: PartitionEnds, samples: number): number[] {
  const [newest] = seen;
  const steps = new Array<number>(samples).fill(0);
  let newer = newest;
  for (const end of seen.slice(1)) {
    steps[end.sample] = newer.logEnd - end.logEnd + 1;
    newer = end;
  }
  const open = newest.logEnd - Math.min(newest.logEnd, committedEnd);
  return [partition, open, peak.current, peak.previous, newest.sample, newest.logEnd, ...steps];
}

function readRow(column: (index: number) => number, samples: number): Omit<PartitionEnds, 'topic' | 'topicId'> {
  const [partition, open, current, previous, sample, end] = [0, 1, 2, 3, 4, 5].map(column);
  const logEnd = sourceOffset(end ?? 0);
  const newest: SeenEnd = { sample: sample ?? 0, logEnd };
  const older: SeenEnd[] = [];
  let newer = newest;
  for (let each = newest.sample + 1; each < samples; each++) {
    const step = column(FIXED_COLUMNS + each);
    if (step === 0) continue;
    newer = { sample: each, logEnd: sourceOffset(newer.logEnd - (step - 1)) };
    older.push(newer);
  }
  const peak = { current: current ?? 0, previous: previous ?? 0 };
  return {
    partition: partition ?? 0,
    committedEnd: sourceOffset(logEnd - (open ?? 0)),
    seen: [newest, ...older],
    peak,
  };
}
