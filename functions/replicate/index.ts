import { setMaxListeners } from 'node:events';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { parseEvent } from '../../shared/records/event.ts';
import { type BatchResponse, replicateEvent } from '../../shared/replicate/replicate-event.ts';
import { begin } from '../begin.ts';
import { publishRefusal } from '../describe-error.ts';
import { EmbeddedMeter, publishing } from '../meter.ts';
import { parseEnvironment } from './environment.ts';
import { observeAppends, publish } from './observe.ts';
import { OffsetSyncLog } from './observe-offset-syncs.ts';
import { wire } from './wiring.ts';

/** Kept for the write of HEAD and the answer once waiting requests have been given up. */
const ANSWER_MS = 4_000;
/** Of that, for the answer alone. */
const ONLY_ANSWER_MS = 1_500;

const logger = new Logger();
const meter = new EmbeddedMeter(logger);
const { partitions, offsetSyncs, isMeasured } = await begin(
  () => wire(parseEnvironment(process.env), observeAppends(logger, meter), new OffsetSyncLog(logger, meter)),
  logger,
  meter,
);

/** Appends what an event source mapping delivers; answers which offsets were not, so that Lambda commits the rest. */
export const handler = middy<unknown, BatchResponse>()
  .use(injectLambdaContext(logger))
  .use(publishing(meter))
  .onError(({ error }) => publishRefusal(error, logger, meter))
  .handler(async (event, context) => {
    const remainingMs = context.getRemainingTimeInMillis();
    const receivedAt = Date.now();
    const invocation = { id: context.awsRequestId, deadline: receivedAt + remainingMs };
    const signal = AbortSignal.timeout(Math.max(0, remainingMs - ANSWER_MS));
    setMaxListeners(0, signal);
    const { response, outcomes, unanswerable } = await replicateEvent(
      parseEvent(event),
      invocation,
      (topic, partition) => partitions.open(topic, partition, signal),
    );
    publish({ outcomes, receivedAt, isMeasured }, logger, meter);
    if (offsetSyncs) await offsetSyncs.write(context.getRemainingTimeInMillis() - ONLY_ANSWER_MS);
    if (unanswerable) throw unanswerable;
    return response;
  });
