/** Writes the stages in docs/runbooks.md anew: `node shared/runbook/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withStages } from './stage-tables.ts';

const page = new URL('../../../docs/runbooks.md', import.meta.url);
writeFileSync(page, withStages(readFileSync(page, 'utf8')));
