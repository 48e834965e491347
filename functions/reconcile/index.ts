import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { flowName } from '../../shared/flow/flow.ts';
import { lookRepeatedly } from '../../shared/reconcile/reconcile.ts';
import { renewIdle } from '../../shared/reconcile/renew.ts';
import { begin } from '../begin.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { answerPlan } from './answer-plan.ts';
import { answerDeployment } from './deployment.ts';
import { parseEnvironment } from './environment.ts';
import { Lifecycle } from './lifecycle.ts';
import type { PlanResponse } from './plan-response.ts';
import { publish, publishFailure, publishRenewals } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** Kept back from the function's time-out to answer CloudFormation. */
const ANSWER_MS = 15_000;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { wanted, ports, producers, invokeLater, lookEveryMs, configuration } = await begin(
  () => {
    const environment = parseEnvironment(process.env);
    return { ...wire(environment), lookEveryMs: environment.LOOK_EVERY_MS, configuration: environment.FLOW.text };
  },
  logger,
  meter,
);
const { clock } = ports;
const flow = flowName(wanted.flow);

const told = {
  looked: (report: Parameters<typeof publish>[0]) => void publish(report, logger, meter),
  failed: (error: unknown) => publishFailure(flow, error, logger, meter),
};

/**
 * Topics and mappings of one flow: by schedule, by hand (`{"action":"reconcile"}`), or asked by CloudFormation; and what it
 * would do (`{"action":"plan"}`).
 */
export const handler = middy<unknown, PlanResponse | undefined>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event, context) => {
    const asked = parseRequest(event);
    const until = clock.now() + context.getRemainingTimeInMillis() - ANSWER_MS;
    const lifecycle = new Lifecycle(wanted.flow, ports, until, (later) =>
      invokeLater(context.invokedFunctionArn, later),
    );
    switch (asked.kind) {
      case 'deployment':
        await answerDeployment(asked.request, flow, lifecycle, logger);
        return;
      case 'remove':
        logger.info(`${flow}: ${await lifecycle.remove(context.awsRequestId)}`);
        return;
      case 'plan':
        return answerPlan({ wanted, ports, configuration }, asked.topic);
      case 'look': {
        const schedule = {
          intervalMs: lookEveryMs,
          until: Math.min(until, clock.now() + asked.forSeconds * 1_000),
        };
        const renewals = renewIdle(wanted.flow, ports, producers, schedule.until);
        await Promise.all([
          lookRepeatedly(wanted, ports, schedule, told),
          renewals.then((report) => publishRenewals(report, logger, meter), told.failed),
        ]);
        return;
      }
    }
  });
