import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { messageOf } from '../../shared/flow/errors.ts';
import { assess } from '../../shared/status/assess.ts';
import { readFlow } from '../../shared/status/read-flow.ts';
import { begin } from '../begin.ts';
import { detailsOf } from '../describe-error.ts';
import { mapEnvironment, parseVariables } from '../environment.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { StatusLog } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** What is too much is an alarm's to say, and not a problem of the flow's. */
const NO_LIMITS = { records: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { ports, store, isMeasured } = await begin(
  () => wire(parseVariables(mapEnvironment, process.env)),
  logger,
  meter,
);
const log = new StatusLog(logger, meter, isMeasured);

/** Reads how far each topic and group of one flow is behind, source end to target end, and keeps it for who asks. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event) => {
    parseRequest(event);
    const facts = await readFlow(ports, { watches: false });
    const status = assess(facts, NO_LIMITS, ports.now());
    log.read(status);
    try {
      await store.write({ readAt: facts.readAt, status });
    } catch (error) {
      // The metrics are told all the same.
      logger.warn(`the status could not be kept: ${messageOf(error)}`, detailsOf(error));
    }
  });
