import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** The version of the package that this file is part of, in a checkout as in an installed package. */
export function version(): string {
  const path = createRequire(import.meta.url).resolve('causeway/package.json');
  return manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
