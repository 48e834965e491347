/** Runs the examples of docs/cli.md and writes what they print: `node shared/cli/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withOutputs } from './outputs.ts';

const page = new URL('../../../docs/cli.md', import.meta.url);
writeFileSync(page, await withOutputs(readFileSync(page, 'utf8')));
