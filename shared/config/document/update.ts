/** Writes the tables of docs/configuration.md anew: `node shared/config/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from './property-tables.ts';

const page = new URL('../../../docs/configuration.md', import.meta.url);
writeFileSync(page, withTables(readFileSync(page, 'utf8')));
