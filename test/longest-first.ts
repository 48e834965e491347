import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes a minute or more, the longest first: begun last, one of them would keep everybody waiting at the end. */
const LONGEST = [
  'test/e2e/secured.test.ts',
  'test/e2e/demo.test.ts',
  'test/integration/exactly-once/exactly-once.test.ts',
  'test/integration/deployed/deployment.test.ts',
  'test/integration/local/localstack/schedules.test.ts',
  'test/integration/adopt/adopt.test.ts',
  'test/integration/runbooks/outages.test.ts',
  'test/integration/runbooks/killed.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
