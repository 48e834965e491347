import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Refusal, tellRefusal } from '../../../shared/adopt/refusal.ts';

const page = readFileSync(new URL('../../../docs/adopt.md', import.meta.url), 'utf8');

const REFUSALS: { readonly [K in Refusal['kind']]: Extract<Refusal, { readonly kind: K }> } = {
  'anchor-differs': { kind: 'anchor-differs' },
  'anchor-again': { kind: 'anchor-again' },
  'not-in-source': { kind: 'not-in-source', target: 41, nearest: { source: 40, differs: 'value' } },
  ambiguous: { kind: 'ambiguous', target: 41 },
  missing: { kind: 'missing', source: 41 },
  'nothing-in-common': { kind: 'nothing-in-common' },
  'still-copying': { kind: 'still-copying', from: 40, to: 41 },
  'transaction-open': { kind: 'transaction-open', target: 41 },
  'source-behind-record': { kind: 'source-behind-record', recorded: 50, logEnd: 41 },
  'target-behind-record': { kind: 'target-behind-record', recorded: 50, last: 41 },
  'end-compacted': { kind: 'end-compacted' },
  'begins-late': { kind: 'begins-late', first: 0, copied: 41 },
  'source-trimmed': { kind: 'source-trimmed', logStart: 41 },
  'two-answers': { kind: 'two-answers', last: [40, 41] },
  'too-much': { kind: 'too-much', records: 41, limit: 40 },
  'both-copied': { kind: 'both-copied', nextSource: 40, recorded: 41 },
  'not-ready': { kind: 'not-ready' },
  'mapping-began-late': { kind: 'mapping-began-late', due: 41 },
  'group-ahead': { kind: 'group-ahead', due: 40, committed: 41 },
};

test.each(Object.values(REFUSALS))('$kind is told with its figures, what is safe, and what to do next', (refusal) => {
  const { code, what, safe, next } = tellRefusal(refusal);

  expect(code).toBe(refusal.kind.replaceAll('-', '_').toUpperCase());
  for (const figure of Object.values(refusal).flat())
    if (typeof figure === 'number') expect(what).toContain(String(figure));
  for (const text of [what, safe, next]) expect(text.length).toBeGreaterThan(20);
});

test.each(Object.values(REFUSALS))('docs/adopt.md says what $kind means', (refusal) => {
  expect(page).toMatch(new RegExp(`^\\|.*\`${tellRefusal(refusal).code}\`.*\\|$`, 'm'));
});
