import { afterAll, beforeAll } from 'vitest';

/** In the tests of one file: a stack trace for each simulated failure would take longer than the schedule. */
export function withoutStackTraces(): void {
  const limit = Error.stackTraceLimit;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = limit;
  });
}
