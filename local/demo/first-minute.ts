import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { physicalName } from '../../infra/flow/names.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { withAdmin } from '../kafka/clients.ts';
import { until } from '../region/until.ts';
import { step } from '../setup/steps.mjs';
import type { Scene } from './scene.ts';

/** Until its rule has called a function for the first time. */
const FIRST_MINUTE_S = 60;
const FIRST_CALL_S = 2;
const BEGUN_MS = 90_000;

type Sides = Pick<Scene, 'source' | 'target'>;

/**
 * Calls what a rule calls each minute, in both regions, for the minute that passes before the rule does: what copies to one
 * region has the heartbeats there that the flow the other way round writes to the other.
 */
export async function beginAtOnce({ source, target }: Sides): Promise<void> {
  await Promise.all([
    begin({ source, target }, 'heartbeat'),
    begin({ source, target }, 'checkpoint'),
    begin({ source: target, target: source }, 'heartbeat'),
  ]);
}

/** The first call is waited for: LocalStack loses one that is not, if it comes within 2 s of the function's last update. */
async function begin({ source, target }: Sides, action: 'heartbeat' | 'checkpoint'): Promise<void> {
  const lambda = new LambdaClient({ region: target.awsRegion });
  const FunctionName = physicalName('causeway', flowOf({ source, target }), action);
  const payload = (forSeconds: number) => JSON.stringify({ action, forSeconds });
  await lambda.send(new InvokeCommand({ FunctionName, Payload: payload(FIRST_CALL_S) }));
  await lambda.send(
    new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: payload(FIRST_MINUTE_S - FIRST_CALL_S) }),
  );
  lambda.destroy();
}

/** @throws Error when the first heartbeat and the first checkpoint do not come */
export async function haveBegun({ source, target }: Sides): Promise<void> {
  const topics = ['heartbeats', 'checkpoints.internal'].map((topic) => `${source.alias}.${topic}`);
  const missing = new Set(topics);
  await step(
    'heartbeats, checkpoints there',
    () =>
      withAdmin(target.bootstrapServers, (admin) => {
        const begun = async () => {
          for (const topic of missing)
            if ((await admin.fetchTopicOffsets(topic)).some(({ high }) => Number(high) > 0)) missing.delete(topic);
          return missing.size === 0;
        };
        return until(begun, BEGUN_MS, () => new Error(`nothing came into ${[...missing].join(', ')}`));
      }),
    () => `nothing yet in ${[...missing].join(', ')}`,
  );
}
