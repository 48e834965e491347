import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What keeps a machine of two cores busy for half a minute or more, the longest first: begun last, one of them would keep
 * everybody waiting at the end.
 */
const HEAVY = [
  'test/e2e/demo.test.ts',
  'test/e2e/secured.test.ts',
  'test/integration/exactly-once/exactly-once.test.ts',
  'test/integration/alarms/alarms.test.ts',
  'test/integration/deployed/deployment.test.ts',
  'test/integration/runbooks/outages.test.ts',
  'test/integration/adopt/adopt.test.ts',
  'test/integration/runbooks/killed.test.ts',
  'test/integration/runbooks-machine/machine.test.ts',
  'test/integration/runbooks/stopped.test.ts',
  'test/integration/local/localstack/schedules.test.ts',
];
const SIDE_BY_SIDE = 2;

/** Two heavy files at a time, and beside them those that mostly wait. */
export class Interleaved extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const heavy = HEAVY.flatMap((path) => sorted.filter(({ moduleId }) => moduleId.endsWith(path)));
    const light = sorted.filter((file) => !heavy.includes(file));
    const rounds = Math.max(1, Math.ceil(heavy.length / SIDE_BY_SIDE));
    const share = Math.ceil(light.length / Math.max(rounds - 1, 1));
    return Array.from({ length: rounds }, (_, round) => [
      ...heavy.slice(round * SIDE_BY_SIDE, (round + 1) * SIDE_BY_SIDE),
      ...light.slice(round * share, (round + 1) * share),
    ]).flat();
  }
}
