import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BundlePlace, isUpToDate, keepRecord } from '../../../infra/flow/bundle-record.ts';

const INPUTS = ['functions/index.ts', 'package-lock.json'];
const BEGAN = Date.UTC(2026, 0, 1);

let place: BundlePlace;
beforeEach(() => {
  const project = mkdtempSync(join(tmpdir(), 'causeway-bundle-record-'));
  place = { project, code: join(project, 'index.mjs'), record: join(project, 'record.json') };
  mkdirSync(join(project, 'functions'));
  for (const path of [...INPUTS, 'index.mjs']) write(path, `of ${path}`, BEGAN - 1_000);
});
afterEach(() => rmSync(place.project, { recursive: true }));

function write(path: string, text: string, modifiedAt: number): void {
  writeFileSync(join(place.project, path), text);
  utimesSync(join(place.project, path), modifiedAt / 1_000, modifiedAt / 1_000);
}

test('a bundle of which nothing has changed is not made again', () => {
  keepRecord(place, INPUTS, BEGAN);

  expect(isUpToDate(place)).toBe(true);
});

test.each([...INPUTS, 'index.mjs'])('it is once %s has other content, though its time is the same', (path) => {
  keepRecord(place, INPUTS, BEGAN);

  write(path, 'something else', BEGAN - 1_000);

  expect(isUpToDate(place)).toBe(false);
});

test.each([...INPUTS, 'index.mjs', 'record.json'])('it is once %s is gone', (path) => {
  keepRecord(place, INPUTS, BEGAN);

  rmSync(join(place.project, path));

  expect(isUpToDate(place)).toBe(false);
});

test('what was written while it was bundled may not be in it', () => {
  write(INPUTS[0] ?? '', 'saved meanwhile', BEGAN + 1);

  keepRecord(place, INPUTS, BEGAN);

  expect(isUpToDate(place)).toBe(false);
});

test('a record that is cut off is none', () => {
  keepRecord(place, INPUTS, BEGAN);

  writeFileSync(place.record, '{"code":');

  expect(isUpToDate(place)).toBe(false);
});
