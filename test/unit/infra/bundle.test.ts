import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readFlow } from '../../../infra/configuration.ts';
import { bundleFunction } from '../../../infra/flow/bundle.ts';
import { mappingTemplate } from '../../../infra/flow/polling.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { writeConfiguration } from './example.ts';

vi.setConfig({ testTimeout: 120_000 });

const MAX_BYTES = 1_200_000;
const MAX_LOAD_MS = 250;
const LOAD = `
  const [started, usage] = [performance.now(), process.cpuUsage()];
  const { handler } = await import(process.argv[1]);
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(usage);
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, handler: typeof handler }));
  process.exit();
`;

const props = await readFlow(writeConfiguration(), 'us-east->us-west');
const ENVIRONMENT = {
  PATH: process.env.PATH,
  AWS_REGION: 'us-east-1',
  FLOW: packVariable(props.configuration),
  OFFSET_MAP_TABLE: 'offset-map',
  OFFSET_MAP_REGION: 'us-west-2',
  REPLICATE_FUNCTION: 'replicate',
  MAPPING: JSON.stringify(mappingTemplate(props, undefined)),
  DRAIN_MS: '1000',
  LOOK_EVERY_MS: '1000',
};

/** As a fresh execution environment does, with what the stack puts into its environment. */
function load(file: string): { ms: number; cpuMs: number; handler: string } {
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', LOAD, file], {
    env: ENVIRONMENT,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr.slice(-2_000));
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
}

describe.each(['replicate', 'reconcile', 'checkpoint', 'heartbeat', 'translate'])('%s', (name) => {
  test('is one small file that loads quickly, with a handler', () => {
    const file = join(bundleFunction(name), 'index.mjs');

    const loads = Array.from({ length: 5 }, () => load(file));

    const [ms, cpuMs] = [least(loads.map((one) => one.ms)), least(loads.map((one) => one.cpuMs))];
    const { size } = statSync(file);
    const times = `${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU`;
    console.log(`${name}: ${(size / 1e6).toFixed(2)} MB, loads in ${times} (the least of 5)`);
    expect(loads.map(({ handler }) => handler)).toEqual(Array(5).fill('function'));
    expect(size).toBeLessThanOrEqual(MAX_BYTES);
    // Whatever else runs on the machine can only add to both.
    expect(Math.min(ms, cpuMs)).toBeLessThanOrEqual(MAX_LOAD_MS);
  });

  test('needs nothing beside it', () => {
    const code = readFileSync(join(bundleFunction(name), 'index.mjs'), 'utf8');
    const imported = [...code.matchAll(/\bimport\b[^"'();]*\bfrom"([^"]+)"/g)].map(([, specifier = '']) => specifier);
    expect(imported).not.toEqual([]);
    expect(imported.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
    expect(code.includes('native.wasm')).toBe(false);
  });
});

function least(values: readonly number[]): number {
  return Math.min(...values);
}
