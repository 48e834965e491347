import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '../../shared/cli/exit-code.ts';
import { runChecks } from './checks.ts';
import { COUNT_VARIABLE } from './count-reporter.ts';
import { type Outcome, outcomeLine, outcomeOfTests, total } from './outcome.ts';
import { packageProgram, runProgram } from './program.ts';
import { tasks } from './tasks.mjs';
import { inTemporaryFolder } from './temporary-folder.ts';

/** The parts of `npm test`, in their order; `npm test -- <part> [filters of vitest]` runs one. */
const parts = {
  check: () => runChecks(),
  unit: async (filters: readonly string[]) => [await runTests('unit', filters)],
  integration: async (filters: readonly string[]) => [await runTests('integration', filters)],
} as const;

async function runTests(project: string, filters: readonly string[]): Promise<Outcome> {
  console.log(`\n== ${project} tests`);
  const reporter = fileURLToPath(new URL('./count-reporter.ts', import.meta.url));
  const reporters = ['--reporter=default', `--reporter=${reporter}`];
  return inTemporaryFolder(join(tmpdir(), 'causeway-test-'), async (folder) => {
    const count = join(folder, 'count.json');
    const args = ['run', '--project', `${project}*`, ...reporters, ...filters];
    const exitCode = await runProgram(packageProgram('vitest'), args, { [COUNT_VARIABLE]: count });
    return outcomeOfTests(readCount(count), exitCode);
  });
}

function readCount(path: string): Outcome | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isPart(name: string | undefined): name is keyof typeof parts {
  return name !== undefined && Object.hasOwn(parts, name);
}

async function main([part, ...filters]: string[]): Promise<number> {
  if (part !== undefined && !isPart(part)) {
    console.error(`There is no part "${part}" of the tests.\n\n${tasks.test.help}`);
    return ExitCode.Usage;
  }
  if (part === 'check' && filters.length > 0) {
    console.error(`The check takes no arguments: ${filters.join(' ')}\n\n${tasks.test.help}`);
    return ExitCode.Usage;
  }
  const outcomes: Outcome[] = [];
  for (const name of part === undefined ? (['check', 'unit', 'integration'] as const) : [part]) {
    outcomes.push(...(await parts[name](filters)));
  }
  const outcome = total(outcomes);
  const line = outcomeLine(outcome);
  console.log(`\n${line}`);
  const forCaller = process.env.CAUSEWAY_TEST_OUTCOME;
  if (forCaller) writeFileSync(forCaller, `${line}\n`);
  return outcome.failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
