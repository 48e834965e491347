import { expect, test } from 'vitest';
import { causeway, properties } from '../command-line.ts';

test.each([
  [
    'begin when they end',
    ['--from', '2026-01-02T00:00:00Z', '--to', '2026-01-02T00:00:00Z'],
    '--to is not after --from',
  ],
  ['end before they begin', ['--from', '2026-01-02T00:00:00Z', '--to', '2026-01-01T00:00:00Z'], '--to is not after'],
  ['are still to come', ['--from', '9999-01-01T00:00:00Z'], '--from 9999-01-01T00:00:00Z is still to come'],
  ['have no zone', ['--from', '2026-01-01T00:00:00'], 'is no time with its zone'],
])('times that %s are refused, and not compared with nothing', async (_, options, says) => {
  const { exitCode, out, err } = await causeway(['verify', ...options], properties());

  expect(exitCode).toBe(2);
  expect(out).toBe('');
  expect(err.replace(/\s+/g, ' ')).toContain(says);
});
