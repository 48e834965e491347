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
/** Partition, open transactions' records, both peaks, newest sample and its end; then a number for each older sample. */
const FIXED_COLUMNS = 6;

/**
 * Partitions column by column, so that what is alike stands together, deflated: a list of topics as JSON, then whole
 * numbers as varints. An older end is by how much the step back to it differs from the step before, plus 1; 0: not told.
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
  const [newest, ...others] = seen;
  const steps = new Array<number>(samples).fill(0);
  let [newer, step] = [newest, 0];
  for (const end of others) {
    const back = newer.logEnd - end.logEnd;
    steps[end.sample] = zigzag(back - step) + 1;
    [newer, step] = [end, back];
  }
  const open = newest.logEnd - Math.min(newest.logEnd, committedEnd);
  const peaks = [peak.current, zigzag(peak.previous - peak.current)];
  return [partition, open, ...peaks, newest.sample, newest.logEnd, ...steps];
}

function readRow(column: (index: number) => number, samples: number): Omit<PartitionEnds, 'topic' | 'topicId'> {
  const [partition = 0, open = 0, current = 0, change = 0, sample = 0, end = 0] = [0, 1, 2, 3, 4, 5].map(column);
  const logEnd = sourceOffset(end);
  const older: SeenEnd[] = [];
  let [newer, step] = [end, 0];
  for (let each = sample + 1; each < samples; each++) {
    const told = column(FIXED_COLUMNS + each);
    if (told === 0) continue;
    step += unzigzag(told - 1);
    newer -= step;
    older.push({ sample: each, logEnd: sourceOffset(newer) });
  }
  const peak = { current, previous: current + unzigzag(change) };
  return { partition, committedEnd: sourceOffset(end - open), seen: [{ sample, logEnd }, ...older], peak };
}

/** 0, -1, 1, -2, ... as 0, 1, 2, 3, ... */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
