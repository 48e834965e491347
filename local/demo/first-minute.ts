import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { physicalName } from '../../infra/flow/names.ts';
import { flowOf } from '../../shared/flow/flow.ts';
import { until } from '../region/until.ts';
import { step } from '../setup/steps.mjs';
import { clientOf, type Scene } from './scene.ts';

/** Until its rule has called a function for the first time. */
const FIRST_MINUTE_S = 60;
const BEGUN_MS = 90_000;

type Sides = Pick<Scene, 'source' | 'target'>;

/** Calls what a rule calls each minute, beside the target, for the minute that passes before the rule does. */
export async function beginAtOnce({ source, target }: Sides): Promise<void> {
  const lambda = new LambdaClient({ region: target.awsRegion });
  for (const action of ['heartbeat', 'checkpoint'] as const)
    await lambda.send(
      new InvokeCommand({
        FunctionName: physicalName('causeway', flowOf({ source, target }), action),
        InvocationType: 'Event',
        Payload: JSON.stringify({ action, forSeconds: FIRST_MINUTE_S }),
      }),
    );
  lambda.destroy();
}

/** @throws Error when the first heartbeat and the first checkpoint do not come */
export async function haveBegun({ source, target }: Sides): Promise<void> {
  const topics = ['heartbeats', 'checkpoints.internal'].map((topic) => `${source.alias}.${topic}`);
  const admin = clientOf(target, 'operator').admin();
  await admin.connect();
  const isThere = async (topic: string) => (await admin.fetchTopicOffsets(topic)).some(({ high }) => Number(high) > 0);
  const begun = async () => (await Promise.all(topics.map(isThere))).every(Boolean);
  await step('heartbeats, checkpoints there', () =>
    until(begun, BEGUN_MS, () => new Error(`nothing came into some of ${topics.join(', ')}`)),
  );
  await admin.disconnect();
}
