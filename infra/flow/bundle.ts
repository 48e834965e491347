import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CausewayError } from '../../shared/flow/errors.ts';
import { isUpToDate, keepRecord } from './bundle-record.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const BUNDLER = join(import.meta.dirname, 'bundler.ts');

/** A function's code could not be bundled. */
export class BundleError extends CausewayError {
  readonly code = 'BUNDLE_FAILED';
  readonly retriable = false;

  constructor(functionName: string, output: string) {
    super(`functions/${functionName} could not be bundled:\n${output}`, {
      safe: 'Nothing was deployed.',
      next: 'Correct what esbuild names; `npm ci` if a package is missing.',
    });
  }
}

const bundles = new Map<string, string>();

/** Decide, too, what a bundle is made of: how it is made, and the versions of packages. */
const BESIDE_THE_SOURCES = ['infra/flow/bundler.ts', 'package-lock.json'];

const inputPaths = z.array(z.string());

/**
 * Bundles `functions/<name>/index.ts` with everything it imports into a folder for `lambda.Code.fromAsset`, unless it
 * is there and nothing of it has changed. An installed package has no such sources: its bundles were made with it.
 * @returns the folder, with `index.mjs` in it @throws BundleError
 */
export function bundleFunction(name: string): string {
  const done = bundles.get(name);
  if (done !== undefined) return done;
  const entry = join(PROJECT, 'functions', name, 'index.ts');
  if (!existsSync(entry)) return join(PROJECT, 'bundles', name);
  const all = join(PROJECT, '.causeway', 'bundles');
  const folder = join(all, name);
  const place = { project: PROJECT, code: join(folder, 'index.mjs'), record: join(all, `${name}.json`) };
  if (!isUpToDate(place)) {
    const since = Date.now();
    const run = spawnSync(process.execPath, [BUNDLER, all, entry], { cwd: PROJECT, encoding: 'utf8' });
    if (run.status !== 0) throw new BundleError(name, run.stderr || String(run.error));
    keepRecord(place, [...inputPaths.parse(JSON.parse(run.stdout)), ...BESIDE_THE_SOURCES], since);
  }
  bundles.set(name, folder);
  return folder;
}
