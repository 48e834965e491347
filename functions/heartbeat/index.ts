import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { flowName } from '../../shared/flow/flow.ts';
import { begin } from '../begin.ts';
import { parseVariables } from '../environment.ts';
import { heartbeatEnvironment } from './environment.ts';
import { PulseLog } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** Left of the function's time for the last heartbeat. */
const BEAT_MS = 10_000;

const logger = new Logger();
const metrics = new Metrics();
const { flow, pulse, clock } = await begin(
  () => wire(parseVariables(heartbeatEnvironment, process.env)),
  logger,
  metrics,
);
metrics.setDefaultDimensions({ Flow: flowName(flow) });
const log = new PulseLog(logger, metrics, clock.now);

/** Writes the heartbeats of one flow for a minute, and awaits those of its source. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async (event, context) => {
    const { forSeconds } = parseRequest(event);
    const runMs = Math.min(forSeconds * 1_000, context.getRemainingTimeInMillis() - BEAT_MS);
    await pulse.run(clock.now() + runMs, log);
  });
