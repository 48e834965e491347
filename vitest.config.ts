import { defineConfig } from 'vitest/config';
import { Interleaved } from './test/interleaved.ts';

/** kafkajs 2.2.4 sets timers with negative times, which Node 24 remarks on. */
const execArgv = ['--disable-warning=TimeoutNegativeWarning'];

const INFRA = 'test/unit/infra/**/*.test.ts';

/** The CDK or a client that is loaded in a test takes a busy machine many seconds; nothing is measured by the time-out. */
const unit = { execArgv, testTimeout: 60_000, maxWorkers: 2 };

export default defineConfig({
  test: {
    sequence: { sequencer: Interleaved },
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: [INFRA],
          // What every file needs is loaded once for each worker; a process for each file took as much CPU as the tests.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
        },
      },
      {
        test: {
          ...unit,
          name: 'unit-infra',
          include: [INFRA],
          setupFiles: ['test/unit/infra/setup.ts'],
          // The CDK is loaded once for each worker, and not for each file.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          execArgv,
          include: ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          globalSetup: ['test/integration/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Two of them wait most of the time; what breaks brokers has brokers of its own.
          maxWorkers: 4,
        },
      },
    ],
  },
});
