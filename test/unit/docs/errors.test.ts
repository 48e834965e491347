import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../shared/flow/document/error-codes.ts';
import { sectionsOf, withErrorCodes } from '../../../shared/flow/document/error-table.ts';
import { readSources } from '../../../shared/flow/document/read-sources.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const sources = readSources();
const codes = errorCodes(sources);
const sections = sectionsOf(page);

test('docs/errors.md has every code: else run `node shared/flow/document/update.ts`', () => {
  expect(withErrorCodes(page, codes)).toBe(page);
});

test('every code that is written in a class of errors is found', () => {
  const written = [...sources.values()].flatMap((text) => [...text.matchAll(/readonly code = '([A-Z_]+)'/g)]);
  const known = new Set(codes.map(({ code }) => code));

  expect(written.length).toBeGreaterThan(100);
  expect(written.flatMap(([, code = '']) => (known.has(code) ? [] : [code]))).toEqual([]);
});

test('every code has a section, one, that says what to do', () => {
  const missing = codes.map(({ code }) => code).filter((code) => !sections.includes(code));

  expect(missing).toEqual([]);
  expect(new Set(sections).size).toBe(sections.length);
  for (const code of sections) {
    const [, text = ''] = page.split(`### \`${code}\`\n`);
    expect(text.split(/^##/m)[0], code).toContain('**Do:**');
  }
});

test('no section is without a code in the sources', () => {
  const all = [...sources.values()].join('\n');
  const unknown = sections.filter((code) => !all.includes(`'${code}'`));

  expect(unknown).toEqual([]);
});

test('what goes on by itself is as the classes say', () => {
  const retriable = new Map(codes.map((each) => [each.code, each.retriable]));

  expect(retriable.get('TIME_RAN_OUT')).toBe(true);
  expect(retriable.get('TARGET_DIVERGED')).toBe(false);
  // By their base classes.
  expect(retriable.get('RUN_UNFINISHED')).toBe(false);
  expect(retriable.get('RUNBOOK_RUNNING')).toBe(true);
  expect(retriable.get('UNROUTED_PRODUCER')).toBe(false);
  // By the broker's answer.
  expect(retriable.get('KAFKA_REQUEST_REFUSED')).toBeUndefined();
  // From tables.
  expect(retriable.get('LAMBDA_THROTTLED')).toBe(true);
  expect(retriable.get('OFFSET_UNKNOWN')).toBe(true);
});
