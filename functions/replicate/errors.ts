import { CausewayError } from '../../shared/flow/errors.ts';
import { type FlowId, flowName } from '../../shared/flow/flow.ts';

/** Records came of a topic that the flow does not copy at the moment. */
export class TopicNotReady extends CausewayError {
  readonly code = 'TOPIC_NOT_READY';
  readonly retriable = true;

  constructor(flow: FlowId, topic: string, state: string | undefined) {
    const found = state === undefined ? 'is not one of its topics' : `is ${state}`;
    super(`${flowName(flow)}: records of ${topic} were delivered, which ${found}`, {
      safe: 'Nothing of this topic was written; its records stay in the source.',
      next:
        'If the topic was made or made anew a moment ago: nothing, reconcile opens it. ' +
        'Otherwise remove the event source mapping that feeds it to this function: Causeway did not make it.',
    });
  }
}

/** The topic's item could not be read. */
export class TopicFactsUnavailable extends CausewayError {
  readonly code = 'TOPIC_FACTS_UNAVAILABLE';
  readonly retriable = true;

  constructor(flow: FlowId, topic: string, cause: unknown) {
    super(`${flowName(flow)}: cannot find out how ${topic} is to be replicated: ${reasonOf(cause)}`, {
      safe: 'Nothing of this delivery was written; its records stay in the source and are delivered again.',
      next:
        'Check the OffsetMap table: throttling, permissions, the endpoint from the function subnets. Lambda delivers ' +
        'the batch again.',
      cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
