import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import type { Outcome } from './outcome.ts';

/** Where the reporter writes its {@link Outcome} as JSON. */
export const COUNT_VARIABLE = 'CAUSEWAY_TEST_COUNT';

/** A vitest reporter that counts for {@link outcomeOfTests}. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const path = process.env[COUNT_VARIABLE];
    if (path) writeFileSync(path, JSON.stringify(count(modules, unhandledErrors.length)));
  }
}

/**
 * Besides tests that fail: a file that cannot be loaded and a suite whose hook throws each count as a failure, as their
 * tests never ran, and so does an error that no test caught.
 */
function count(modules: readonly TestModule[], unhandledErrors: number): Outcome {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const containers = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const withState = (state: string) => tests.filter((test) => test.result().state === state).length;
  const broken = containers.filter((container) => container.errors().length > 0).length;
  return { passed: withState('passed'), failed: withState('failed') + broken + unhandledErrors };
}
