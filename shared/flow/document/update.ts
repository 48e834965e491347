/** Writes the table of docs/errors.md anew: `node shared/flow/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { errorCodes } from './error-codes.ts';
import { withErrorCodes } from './error-table.ts';
import { readSources } from './read-sources.ts';

const page = new URL('../../../docs/errors.md', import.meta.url);
writeFileSync(page, withErrorCodes(readFileSync(page, 'utf8'), errorCodes(readSources())));
