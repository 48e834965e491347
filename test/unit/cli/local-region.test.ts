import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GLOBAL_OPTIONS, parseArguments } from '../../../shared/cli/arguments.ts';
import { UsageError } from '../../../shared/cli/errors.ts';
import { awsVariables, fileOfRun } from '../../../shared/cli/local-region.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileWith = (...args: readonly string[]) =>
  fileOfRun(parseArguments(args, GLOBAL_OPTIONS, ''), join(folder, 'deep'));

const variables = (...args: readonly string[]) =>
  awsVariables(parseArguments(args, GLOBAL_OPTIONS, ''), join(folder, 'deep', 'down'));

function up(id: string, region: object): void {
  const run = join(folder, '.causeway', 'runs', id);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'region.json'), JSON.stringify(region));
}

describe('where AWS is', () => {
  test('is left to the clients themselves without a word', () => {
    expect(variables()).toEqual({});
  });

  test('is what --endpoint-url says', () => {
    expect(variables('--endpoint-url', 'http://127.0.0.1:4566')).toEqual({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });
  });

  test.each(['notaurl', '127.0.0.1:4566', 'ftp://aws'])('is not %s', (endpoint) => {
    expect(() => variables('--endpoint-url', endpoint)).toThrow(UsageError);
  });

  test("is that of a local run, found from any folder below, with keys that are nobody's", () => {
    up('r1', { awsEndpoint: 'http://127.0.0.1:5001', clusters: [{ awsRegion: 'us-east-1' }] });

    expect(variables('--run', 'r1')).toEqual({
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5001',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    });
  });

  test('is not known of a run that is not up, or has no AWS', () => {
    up('r2', { clusters: [] });

    expect(() => variables('--run', 'r1')).toThrow(UsageError);
    expect(() => variables('--run', 'r2')).toThrow('the run r2 has no AWS');
  });
});

describe('the configuration', () => {
  test('is that of the local run, where it has one', () => {
    up('r1', { clusters: [] });
    up('r2', { clusters: [] });
    writeFileSync(join(folder, '.causeway', 'runs', 'r1', 'mm2.properties'), '');

    expect(fileWith('--run', 'r1')).toBe(join('..', '.causeway', 'runs', 'r1', 'mm2.properties'));
    expect(fileWith('--run', 'r2')).toBeUndefined();
    expect(fileWith()).toBeUndefined();
    expect(() => fileWith('--run', 'r3')).toThrow('no run r3 is up');
  });
});
