import type { Logger } from '@aws-lambda-powertools/logger';
import { publishRefusal } from './describe-error.ts';
import { flowNameIn } from './environment.ts';
import type { EmbeddedMeter } from './meter.ts';

/**
 * Makes what a function is made of, while Lambda loads it. What fails is logged with what to do, and counted as the flow's,
 * before Lambda ends the environment and starts another: otherwise a stack trace is all that an operator gets.
 *
 * @throws what `make` throws
 */
export async function begin<T>(make: () => T | Promise<T>, logger: Logger, meter: EmbeddedMeter): Promise<T> {
  const flow = flowNameIn(process.env);
  if (flow !== undefined) meter.setFlow(flow);
  try {
    return await make();
  } catch (error) {
    publishRefusal(error, logger, meter);
    meter.publish();
    throw error;
  }
}
