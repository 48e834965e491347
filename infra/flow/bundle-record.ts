import { createHash } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Of what a bundle was made, by path within the project, and the bundle itself: SHA-256 each. */
const bundleRecord = z.object({ code: z.string(), inputs: z.record(z.string(), z.string()) });

export interface BundlePlace {
  /** Absolute path that inputs are told from. */
  readonly project: string;
  /** The bundle. */
  readonly code: string;
  /** Where the record is kept; not beside the bundle, for that folder is deployed. */
  readonly record: string;
}

/** Whether the bundle is what bundling would make again: nothing that it was made of has changed, nor has it. */
export function isUpToDate({ project, code, record }: BundlePlace): boolean {
  try {
    const made = bundleRecord.parse(JSON.parse(readFileSync(record, 'utf8')));
    if (hashOf(code) !== made.code) return false;
    return Object.entries(made.inputs).every(([path, hash]) => hashOf(join(project, path)) === hash);
  } catch {
    return false;
  }
}

/**
 * Notes of what a bundle was made.
 *
 * @param since when bundling began, ms since the epoch: what was written later may not be in the bundle, so nothing is noted
 */
export function keepRecord({ project, code, record }: BundlePlace, inputs: readonly string[], since: number): void {
  if (inputs.some((path) => statSync(join(project, path)).mtimeMs >= since)) return;
  const hashes = inputs.map((path) => [path, hashOf(join(project, path))] as const);
  const temporary = `${record}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ code: hashOf(code), inputs: Object.fromEntries(hashes) }));
  renameSync(temporary, record);
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('base64');
}
