import type { Logger } from '@aws-lambda-powertools/logger';
import { publishRefusal } from './describe-error.ts';
import type { Meter } from './meter.ts';

/**
 * Makes what a function is made of, while Lambda loads it. What fails is logged with what to do, and counted, before
 * Lambda ends the environment and starts another: otherwise a stack trace is all that an operator gets.
 *
 * @throws what `make` throws
 */
export async function begin<T>(make: () => T | Promise<T>, logger: Logger, meter: Meter): Promise<T> {
  try {
    return await make();
  } catch (error) {
    publishRefusal(error, logger, meter);
    meter.publish();
    throw error;
  }
}
