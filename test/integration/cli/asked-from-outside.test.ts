import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { causeway } from '../deployed/ask.ts';
import { DeployedFlow } from '../deployed/deployed-flow.ts';

/** Of a look, and of Lambda's change of a mapping. There is no schedule that could come round. */
const AT_ONCE = { timeout: 60_000, interval: 250 };
const DEPLOYMENT_MS = 600_000;

/** Each test begins where the one before left the flow. */
describe('What a deployed flow is asked by command', { timeout: DEPLOYMENT_MS }, () => {
  const flow = new DeployedFlow();
  const [orders, stock] = [flow.topic('orders'), flow.topic('stock')];

  beforeAll(async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
    await flow.makeSourceTopic(orders);
    // The deployment looks for topics once, and nobody does afterwards.
    await flow.deploy({ 'refresh.topics.interval.seconds': '3600' });
  }, DEPLOYMENT_MS);
  afterAll(() => flow[Symbol.asyncDispose](), DEPLOYMENT_MS);

  it('a topic that is copied is explained with its mapping and its copy', async () => {
    await expect.poll(async () => (await causeway(flow, 'plan')).exitCode, AT_ONCE).toBe(0);
    expect(await causeway(flow, 'explain', orders, '--live')).toMatchObject({
      exitCode: 0,
      printed: {
        answers: [
          {
            flows: [
              {
                replicated: true,
                isSo: true,
                live: { seen: { source: { partitions: 1 }, target: { partitions: 1 }, mappings: [{ enabled: true }] } },
              },
            ],
          },
        ],
      },
    });
  });

  it('a topic that nobody has seen yet is planned step by step, and nothing is done yet', async () => {
    await flow.makeSourceTopic(stock);

    const { exitCode, printed } = await causeway(flow, 'plan');
    expect(exitCode).toBe(1);
    expect(printed.flows).toMatchObject([{ covered: 2, fileIsDeployed: true, topics: [{ topic: stock }] }]);
    expect(printed.flows[0].topics[0].steps.map(({ kind }: { kind: string }) => kind)).toEqual([
      'create-remote-topic',
      'write-item',
      'create-mapping',
    ]);
    expect(await flow.targetTopics()).not.toContain(`us-east.${stock}`);
    expect(await causeway(flow, 'explain', stock, '--live')).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ flows: [{ replicated: true, isSo: false }] }] },
    });
  });

  it('a topic that is not there, and a flow that is not deployed', async () => {
    const { exitCode, printed } = await causeway(flow, 'explain', `${flow.prefix}-nothing`, '--live');
    expect(exitCode).toBe(1);
    expect(printed.answers[0].flows[0].live.seen).not.toHaveProperty('source');
    await flow.destroy(flow.source);
    expect(await causeway(flow, 'explain', orders, '--live')).toMatchObject({
      exitCode: 1,
      printed: { answers: [{ flows: [{ live: { error: { code: 'FLOW_NOT_DEPLOYED' } } }] }] },
    });
  });
});
