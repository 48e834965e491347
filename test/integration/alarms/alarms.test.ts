import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlarmedFlow } from './alarmed-flow.ts';
import { ACTS, type Cause, untilWell } from './causes.ts';

/** Of a quarter of an hour of the region, and of what a busy machine does late. */
const CHANGED_MS = 180_000;
const DEPLOYED_MS = 300_000;
const ACT_MS = 400_000;

const alarmsOf = (causes: readonly Cause[]) => causes.flatMap(({ alarms }) => alarms);

/** Makes it, waits until each of its alarms has fired, and takes it away. */
async function meet(flow: AlarmedFlow, { alarms, make }: Cause): Promise<void> {
  // What is made can be gone again by the time that all of it is made: some alarms last for a moment.
  const since = flow.now;
  const takeAway = await make(flow);
  await flow.until(alarms, 'ALARM', { since, withinMs: CHANGED_MS });
  await takeAway();
}

/** One deployment, whose life the tests follow in order: each begins where the one before left it. */
describe('A deployed flow between real brokers', { timeout: ACT_MS }, () => {
  let flow: AlarmedFlow;
  let failed = false;

  beforeAll(async () => {
    flow = await AlarmedFlow.deploy();
  }, DEPLOYED_MS);
  afterEach(({ task }) => {
    failed ||= task.result?.state === 'fail';
  });
  afterAll(() => flow?.stop(failed), DEPLOYED_MS);

  it('has no alarm without a cause by which it fires here', async () => {
    expect((await flow.parts.alarms()).toSorted()).toEqual([...new Set(alarmsOf(ACTS.flat()))].toSorted());
  });

  it.each(ACTS.map((causes, index) => [causes.map(({ is }) => is).join('; '), causes, index] as const))(
    'has an alarm: %s',
    async (_, causes, index) => {
      // A new flow has what is wrong with it from the start.
      if (index > 0) await untilWell(flow, alarmsOf(causes), CHANGED_MS);
      await Promise.all(causes.map((cause) => meet(flow, cause)));
    },
  );

  it('has none when all causes are gone, and people were told of each half', async () => {
    await untilWell(flow, await flow.parts.alarms(), CHANGED_MS);
    expect([...new Set(flow.told)].toSorted()).toEqual(['source-unhealthy', 'target-not-ready', 'target-unhealthy']);
    // Once for what fires while one of them is in alarm: here some fifty do, in four acts.
    expect(flow.told.length).toBeLessThan(flow.fired / 2);
  });
});
