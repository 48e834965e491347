import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { messageOf } from '../../shared/flow/errors.ts';
import { verifyNew } from '../../shared/verify/verify-new.ts';
import { begin } from '../begin.ts';
import { systemClock } from '../clock.ts';
import { detailsOf } from '../describe-error.ts';
import { mapEnvironment, parseVariables } from '../environment.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { VerifyLog } from './report.ts';
import { parseRequest } from './request.ts';
import { wire } from './wiring.ts';

/** Of the interval: a run is over before the next one begins. */
const SHARE = 0.8;
/** Of the function's time, for what a turn that was begun takes yet; a request that has no answer by then is ended. */
const LAST_TURN_MS = 60_000;
const LAST_REQUEST_MS = 20_000;
/** Of a partition at a time. */
const SLICE_MS = 20_000;
/** Partitions; mostly waiting for answers. */
const SIDE_BY_SIDE = 8;
/** In a slice. */
const MOST_APART = 1_000;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { portsOf, places, intervalMs } = await begin(
  () => wire(parseVariables(mapEnvironment, process.env)),
  logger,
  meter,
);
const log = new VerifyLog(logger, meter);

/** Compares what was replicated of one flow since it last did, record by record, as far as it comes in its time. */
export const handler = middy<unknown, void>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .handler(async (event, context) => {
    parseRequest(event);
    const leftMs = context.getRemainingTimeInMillis();
    const ports = portsOf(AbortSignal.timeout(Math.max(0, leftMs - LAST_REQUEST_MS)));
    try {
      const verified = await verifyNew(ports, places, {
        until: systemClock.now() + Math.min(intervalMs * SHARE, leftMs - LAST_TURN_MS),
        ...{ sliceMs: SLICE_MS, sideBySide: SIDE_BY_SIDE, mostApart: MOST_APART },
        different: (slice) => log.different(slice),
      });
      log.ended(verified);
    } catch (error) {
      logger.error(`nothing more could be verified: ${messageOf(error)}`, detailsOf(error));
      throw error;
    }
  });
