/** Writes the table of reasons in docs/groups.md anew: `node shared/checkpoint/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withReasons } from './reason-table.ts';

const page = new URL('../../../docs/groups.md', import.meta.url);
writeFileSync(page, withReasons(readFileSync(page, 'utf8')));
