/** Writes docs/metrics.md's tables and docs/operating.md's alarms anew: `node shared/metrics/document/update.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withAlarms } from './alarm-sections.ts';
import { withMetrics } from './metric-tables.ts';

function rewrite(name: string, anew: (page: string) => string): void {
  const page = new URL(`../../../docs/${name}`, import.meta.url);
  writeFileSync(page, anew(readFileSync(page, 'utf8')));
}

rewrite('metrics.md', withMetrics);
rewrite('operating.md', withAlarms);
