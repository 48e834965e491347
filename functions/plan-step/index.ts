import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { flowName } from '../../shared/flow/flow.ts';
import { type Followed, followRun } from '../../shared/runbook/plan/follow-run.ts';
import { begin } from '../begin.ts';
import { detailsOf } from '../describe-error.ts';
import { parseVariables } from '../environment.ts';
import { EmbeddedMeter } from '../meter.ts';
import { planStepEnvironment } from './environment.ts';
import { wire } from './wiring.ts';

/** Kept back from the function's time-out: the answer, and the last look with all its attempts. */
const ANSWER_MS = 40_000;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { flow, step } = await begin(() => wire(parseVariables(planStepEnvironment, process.env)), logger, meter);

/**
 * One step of a plan that moves applications together with what else a region has, such as one of ARC Region switch: starts
 * the runbook, follows it, and succeeds when applications are where they are wanted. What it is called with is not looked at.
 */
export const handler = middy<unknown, Followed>()
  .use(injectLambdaContext(logger))
  .handler(async (_event, context) => {
    const until = step.clock.now() + context.getRemainingTimeInMillis() - ANSWER_MS;
    try {
      const followed = await followRun({ ...step, until });
      logger.info(`${flowName(flow)}: ${step.kind}: ${followed.outcome}`, { followed });
      return followed;
    } catch (error) {
      logger.warn(`${flowName(flow)}: ${step.kind}: not there yet`, detailsOf(error));
      throw error;
    }
  });
