import type { TestProject } from 'vitest/node';
import type { RegionsAddress } from '../../local/region/addresses.ts';
import { describeFailure } from '../../local/region/describe.ts';
import { runningRegions } from '../../local/region/external.ts';
import { startRegions } from '../../local/region/regions.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The addresses of two regions, shared by all integration tests: `inject('regions')`. */
    regions: RegionsAddress;
  }
}

/**
 * Starts the two regions once for all integration tests.
 *
 * `CAUSEWAY_REGION=<run id>` uses regions that are up already (`npm run local -- up`) and leaves them up.
 * `CAUSEWAY_TEST_PARTS=kafka`, `=aws` or `=none` starts that much alone, for work on tests that need no more.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = runningRegions(process.env);
  if (running) {
    project.provide('regions', running);
    return async () => {};
  }
  const parts = process.env.CAUSEWAY_TEST_PARTS ?? 'kafka,aws';
  const regions = await startRegions({
    aws: parts.includes('aws'),
    ...(parts.includes('kafka') ? {} : { clusters: [] }),
  }).catch((error: unknown) => {
    throw new Error(describeFailure(error), { cause: error });
  });
  project.provide('regions', regions.address);
  let died: Error | undefined;
  regions.failure.then((error) => {
    died = error;
    console.error(describeFailure(error));
  });
  return async () => {
    await regions.stop({ failed: project.vitest.state.getCountOfFailedTests() > 0 });
    if (died) throw died;
  };
}
