import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CausewayError } from '../../shared/flow/errors.ts';

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

/**
 * Bundles `functions/<name>/index.ts` with everything it imports into a folder for `lambda.Code.fromAsset`, once in a
 * process. An installed package has no such sources: its bundles were made with it.
 * @returns the folder, with `index.mjs` in it @throws BundleError
 */
export function bundleFunction(name: string): string {
  const done = bundles.get(name);
  if (done !== undefined) return done;
  const entry = join(PROJECT, 'functions', name, 'index.ts');
  if (!existsSync(entry)) return join(PROJECT, 'bundles', name);
  const all = join(PROJECT, '.causeway', 'bundles');
  const folder = join(all, name);
  const run = spawnSync(process.execPath, [BUNDLER, all, entry], { cwd: PROJECT, encoding: 'utf8' });
  if (run.status !== 0) throw new BundleError(name, run.stderr || String(run.error));
  bundles.set(name, folder);
  return folder;
}
