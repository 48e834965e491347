import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { publishRefusal } from './describe-error.ts';

/**
 * Makes what a function is made of, while Lambda loads it. What fails is logged with what to do, and counted, before
 * Lambda ends the environment and starts another: otherwise a stack trace is all that an operator gets.
 *
 * @throws what `make` throws
 */
export async function begin<T>(make: () => T | Promise<T>, logger: Logger, metrics: Metrics): Promise<T> {
  try {
    return await make();
  } catch (error) {
    publishRefusal(error, logger, metrics);
    metrics.publishStoredMetrics();
    throw error;
  }
}
