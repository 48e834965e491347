import { expect, test } from 'vitest';
import { FIRST_LOOKS } from '../../../functions/reconcile/request.ts';
import { DeployedFlow } from './deployed-flow.ts';

/** What a deployment that waited for its looks would take at least, on a machine of any speed. */
const FIRST_LOOKS_MS = FIRST_LOOKS.forSeconds * 1_000;
/** Of a look and of Lambda's change of a mapping. There is no schedule that could come round. */
const AT_ONCE = { timeout: 45_000, interval: 250 };

test('a deployment brings the first looks, an update is known to them; destroyed, mappings go and nothing else', async () => {
  const flow = new DeployedFlow();
  const [orders, payments] = [flow.topic('orders'), flow.topic('payments')];
  await flow.makeSourceTopic(orders);

  await flow.deploy();
  await expect.poll(async () => (await flow.mappings()).map(({ topic }) => topic), AT_ONCE).toEqual([orders]);

  await flow.makeSourceTopic(payments);
  await expect.poll(async () => (await flow.mappings()).length, AT_ONCE).toBe(2);

  // A cluster out of reach neither fails a deployment nor keeps it waiting, and a removal asks none.
  const before = (await flow.registry.list()).flow;
  const began = Date.now();
  await flow.deploy({ 'us-west.bootstrap.servers': '127.0.0.1:1' });
  expect(Date.now() - began).toBeLessThan(FIRST_LOOKS_MS);
  const after = (await flow.registry.list()).flow;
  expect(after.state).toBe('deployed');
  expect(after.deployment).not.toBe(before.deployment);

  await flow.destroy(flow.source);
  expect(await flow.mappings()).toEqual([]);
  expect((await flow.targetTopics()).toSorted()).toEqual([`us-east.${orders}`, `us-east.${payments}`]);
  const { flow: noted, topics } = await flow.registry.list();
  expect(noted.state).toBe('removed');
  expect(topics.map(({ topic }) => topic)).toEqual([orders, payments]);
}, 600_000);
