import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { begin } from '../begin.ts';
import { parseVariables } from '../environment.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { heartbeatEnvironment } from './environment.ts';
import { PulseLog } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** Left of the function's time for the last heartbeat. */
const BEAT_MS = 10_000;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { pulse, clock } = await begin(() => wire(parseVariables(heartbeatEnvironment, process.env)), logger, meter);
const log = new PulseLog(logger, meter, clock.now);

/** Writes the heartbeats of one flow for a minute, and awaits those of its source. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event, context) => {
    const { forSeconds } = parseRequest(event);
    const runMs = Math.min(forSeconds * 1_000, context.getRemainingTimeInMillis() - BEAT_MS);
    await pulse.run(clock.now() + runMs, log);
  });
