import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { timeLimits } from '../../shared/adapters/aws/time-limits.ts';
import { DynamoDbConsumerMarks } from '../../shared/adapters/dynamodb/runbook/consumer-marks.ts';
import type { Flow, FlowEnd } from '../../shared/config/flow-schema.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import type { ConsumerSide, RunbookConsumers } from '../../shared/runbook/ports/consumers.ts';
import { consumerMappings } from './consumer-mappings.ts';
import type { Outside } from './outside.ts';

/** A region that is gone is found out in some seconds: a call of a stage has ten. */
const TIMEOUTS = timeLimits(2_000, 4_000);
const ATTEMPTS = 4;
const ARN = /^arn:.*:function:/;

interface ConsumerPlaces {
  /** The flow's registry table. */
  readonly tableName: string;
  readonly sourceRegion: string;
  readonly targetRegion: string;
}

interface ConsumersOfFlow {
  readonly source: ConsumerSide;
  readonly target: ConsumerSide;
}

/** The users' Lambda consumers beside either cluster of a flow; undefined where the configuration lists none. */
export function connectConsumers(
  flow: Flow,
  table: DynamoDBClient,
  { tableName, sourceRegion, targetRegion }: ConsumerPlaces,
  { through }: Outside,
): ConsumersOfFlow | undefined {
  if (flow.lambdaConsumers.length === 0) return undefined;
  const side = (end: FlowEnd, which: 'source' | 'target', region: string): ConsumerSide => {
    const client = through(new LambdaClient({ region, requestHandler: TIMEOUTS, maxAttempts: ATTEMPTS }));
    const functions = flow.lambdaConsumers.map((pair) => ({ consumer: nameOf(pair), functionName: pair[which] }));
    return {
      mappings: consumerMappings(client, functions, end),
      marks: new DynamoDbConsumerMarks(table, tableName, flowOf(flow), end.alias),
    };
  };
  return { source: side(flow.source, 'source', sourceRegion), target: side(flow.target, 'target', targetRegion) };
}

/** By the way of a runbook. @param isBack a failback goes from the target to the source */
export function towards({ source, target }: ConsumersOfFlow, isBack: boolean): RunbookConsumers {
  return isBack ? { from: target, to: source } : { from: source, to: target };
}

/** As the configuration has it, without the rest of an ARN. */
function nameOf({ source, target }: Flow['lambdaConsumers'][number]): string {
  const here = source.replace(ARN, '');
  const there = target.replace(ARN, '');
  return here === there ? here : `${here}->${there}`;
}
