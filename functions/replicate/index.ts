import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { flowName } from '../../shared/flow/flow.ts';
import { parseEvent } from '../../shared/records/event.ts';
import { type BatchResponse, replicateEvent } from '../../shared/replicate/replicate-event.ts';
import { observeAppends, publish } from './observe.ts';
import { wire } from './wiring.ts';

const logger = new Logger();
const metrics = new Metrics();
const { flow, partitions } = await wire(process.env, observeAppends(logger, metrics));
metrics.setDefaultDimensions({ Flow: flowName(flow) });

/** Appends what an event source mapping delivers; answers which offsets were not, so that Lambda commits the rest. */
export const handler = middy<unknown, BatchResponse>()
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .handler(async (event, context) => {
    const invocation = { id: context.awsRequestId, deadline: Date.now() + context.getRemainingTimeInMillis() };
    const { response, outcomes } = await replicateEvent(parseEvent(event), invocation, (topic, partition) =>
      partitions.open(topic, partition),
    );
    publish(outcomes, Date.now(), logger, metrics);
    return response;
  });
