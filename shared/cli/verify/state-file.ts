import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../flow/errors.ts';
import { jsonIn } from '../../verify/json.ts';
import { type PartitionState, partitionState } from '../../verify/partition.ts';
import { replaceFile } from '../replace-file.ts';
import { VerifyFileUnusable } from './errors.ts';

/** What a comparison is of; one of something else does not go on from it. */
const compared = z.object({
  topic: z.string().optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  windowMinutes: z.number(),
});
export type Compared = z.infer<typeof compared>;

const stateFile = z.object({
  format: z.literal(1),
  compared,
  partitions: z.record(z.string(), partitionState),
});

/**
 * What another comparison has come to, by partition; nothing where there is no such file yet.
 * @throws VerifyFileUnusable
 */
export async function readState(path: string, wanted: Compared): Promise<ReadonlyMap<string, PartitionState>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw new VerifyFileUnusable(path, messageOf(error));
  }
  const parsed = stateFile.safeParse(jsonIn(text));
  if (!parsed.success) throw new VerifyFileUnusable(path, 'it was not written by causeway verify');
  if (JSON.stringify(parsed.data.compared) !== JSON.stringify(compared.parse(wanted))) {
    throw new VerifyFileUnusable(path, 'it is of another comparison: other topics, times or windows');
  }
  return new Map(Object.entries(parsed.data.partitions));
}

/** Whole or not at all. @throws VerifyFileUnusable */
export async function writeState(
  path: string,
  wanted: Compared,
  partitions: ReadonlyMap<string, PartitionState>,
): Promise<void> {
  const text = JSON.stringify({ format: 1, compared: wanted, partitions: Object.fromEntries(partitions) });
  await writeWhole(path, text);
}

/** Whole or not at all. @throws VerifyFileUnusable */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text);
  } catch (error) {
    throw new VerifyFileUnusable(path, messageOf(error));
  }
}
