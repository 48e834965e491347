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
/** Of `replicate`, for which the first record of an idle partition waits. The others only are not to grow unseen. */
const MAX_LOAD_MS = { replicate: 250, reconcile: 400, checkpoint: 400, heartbeat: 400, translate: 400 };
/** Whatever else runs on the machine can only add to a load, so the least counts; of more, as long as that is too much. */
const [LOADS, MOST_LOADS] = [5, 30];
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
  REGISTRY_TABLE: 'registry',
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

describe.each(Object.entries(MAX_LOAD_MS))('%s', (name, maxLoadMs) => {
  test('is one small file that loads quickly, with a handler', () => {
    const file = join(bundleFunction(name), 'index.mjs');
    const loads: ReturnType<typeof load>[] = [];
    const least = (what: 'ms' | 'cpuMs') => Math.min(...loads.map((one) => one[what]));

    while (loads.length < LOADS || (Math.min(least('ms'), least('cpuMs')) > maxLoadMs && loads.length < MOST_LOADS))
      loads.push(load(file));

    const [ms, cpuMs] = [least('ms'), least('cpuMs')];
    const { size } = statSync(file);
    const times = `${ms.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of CPU`;
    console.log(`${name}: ${(size / 1e6).toFixed(2)} MB, loads in ${times} (the least of ${loads.length})`);
    expect(loads.map(({ handler }) => handler)).toEqual(loads.map(() => 'function'));
    expect(size).toBeLessThanOrEqual(MAX_BYTES);
    expect(Math.min(ms, cpuMs)).toBeLessThanOrEqual(maxLoadMs);
  });

  test('needs nothing beside it', () => {
    const code = readFileSync(join(bundleFunction(name), 'index.mjs'), 'utf8');
    const imported = [...code.matchAll(/\bimport\b[^"'();]*\bfrom"([^"]+)"/g)].map(([, specifier = '']) => specifier);
    expect(imported).not.toEqual([]);
    expect(imported.filter((specifier) => !isBuiltin(specifier))).toEqual([]);
    expect(code.includes('native.wasm')).toBe(false);
  });
});
