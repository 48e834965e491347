import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { flowName } from '../../shared/flow/flow.ts';
import { FlowState } from '../../shared/ledger/topic-registry.ts';
import { look, lookRepeatedly } from '../../shared/reconcile/reconcile.ts';
import { removeAll } from '../../shared/reconcile/remove-all.ts';
import { answerDeployment } from './deployment.ts';
import { parseEnvironment } from './environment.ts';
import { describe, publish } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** A scheduled run leaves room for the next one, a minute after it began. */
const RUN_MS = 55_000;
/** Kept back from the function's time-out to answer CloudFormation. */
const ANSWER_MS = 15_000;

const logger = new Logger();
const metrics = new Metrics();
const environment = parseEnvironment(process.env);
const { wanted, ports } = wire(environment);
const { clock } = ports;
const flow = flowName(wanted.flow);
metrics.setDefaultDimensions({ Flow: flow });

async function firstLook(): Promise<string> {
  await ports.registry.setFlowState(FlowState.Deployed);
  return describe(publish(await look(wanted, ports), logger, metrics));
}

async function removal(until: number): Promise<string> {
  return `mappings removed ${await removeAll(wanted.flow, ports, until)}`;
}

/** Topics and mappings of one flow: by schedule, by hand (`{"action":"reconcile"}`), or asked by CloudFormation. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async (event, context) => {
    const request = parseRequest(event);
    const until = clock.now() + context.getRemainingTimeInMillis() - ANSWER_MS;
    const remove = request.action === 'remove-all';
    if (request.kind === 'deployment') {
      await answerDeployment(request.request, flow, () => (remove ? removal(until) : firstLook()), logger);
    } else if (remove) {
      logger.info(`${flow}: ${await removal(until)}`);
    } else {
      const schedule = { intervalMs: environment.LOOK_EVERY_MS, until: Math.min(until, clock.now() + RUN_MS) };
      await lookRepeatedly(wanted, ports, schedule, (report) => publish(report, logger, metrics));
    }
  });
