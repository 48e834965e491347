/** How many tests, or checks that count as one, ended which way. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

export function total(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** What continuous integration reads: the line is to be the last one, alone. */
export function outcomeLine({ passed, failed }: Outcome): string {
  return `${passed} passed, ${failed} failed`;
}

/** A program that answers with its exit code alone, as a linter, is one check. */
export function outcomeOfProgram(exitCode: number): Outcome {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * A test runner's own count, held against its exit code: a run that failed for a reason outside of any test (nothing
 * collected, a setup or teardown that threw, a crash) still counts as a failure.
 */
export function outcomeOfTests(counted: Outcome | undefined, exitCode: number): Outcome {
  const outcome = counted ?? { passed: 0, failed: 0 };
  const ranNothing = outcome.passed + outcome.failed === 0;
  const failedUnseen = outcome.failed === 0 && (exitCode !== 0 || ranNothing);
  return failedUnseen ? { ...outcome, failed: 1 } : outcome;
}
