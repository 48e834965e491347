import { expect, test } from 'vitest';
import { look } from '../../../../shared/reconcile/reconcile.ts';
import { settle } from '../settled.ts';
import { World, wanted } from '../world.ts';

async function copied(): Promise<World> {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());
  return world;
}

test('a remote topic is made with its source’s settings, without those that are excluded', async () => {
  const world = new World();
  world.makeSource('orders');
  world.configs.set('orders', { 'cleanup.policy': 'compact', 'min.insync.replicas': '2' });

  await look(wanted(), world.ports());

  expect(world.configs.get('us-east.orders')).toEqual({ 'cleanup.policy': 'compact' });
});

test('a change of settings is carried over when the interval has passed, and not before', async () => {
  const world = await copied();
  await look(wanted(), world.ports());
  const synced = world.synced.configs?.at ?? 0;
  world.configs.set('orders', { 'retention.ms': '1000' });

  world.now = synced + 599_000;
  expect((await look(wanted(), world.ports())).inStep.configs).toBeUndefined();
  world.now = synced + 600_000;
  expect((await look(wanted(), world.ports())).inStep.configs).toMatchObject({ compared: 1, drifted: 1 });

  expect(world.configs.get('us-east.orders')).toEqual({ 'retention.ms': '1000' });
});

test('a deployment compares at once', async () => {
  const world = await copied();
  world.configs.set('orders', { 'retention.ms': '1000' });
  world.flow = { state: 'deployed', deployment: 'second' };

  expect((await look(wanted(), world.ports())).inStep.configs).toMatchObject({ drifted: 1 });
});

test('a topic that is taken on does not wait for the interval', async () => {
  const world = await copied();
  world.target.set('us-east.payments', { name: 'us-east.payments', id: 'there', partitions: 1, internal: false });
  world.makeSource('payments');
  world.configs.set('payments', { 'retention.ms': '1000' });

  await look(wanted(), world.ports());

  expect(world.configs.get('us-east.payments')).toEqual({ 'retention.ms': '1000' });
});

test('sync.topic.configs.enabled = false leaves remote topics as they were made', async () => {
  const sync = { enabled: false, intervalMs: 1 };
  const off = wanted({ configs: { ...wanted().configs, sync } });
  const world = new World();
  world.makeSource('orders');
  world.configs.set('orders', { 'retention.ms': '1000' });
  await settle(world, off);
  world.configs.set('orders', { 'retention.ms': '2000' });
  world.now += 10_000_000;

  expect((await look(off, world.ports())).inStep).toMatchObject({ configs: undefined, errors: [] });

  expect(world.configs.get('us-east.orders')).toEqual({ 'retention.ms': '1000' });
});

test('a comparison that fails is told, stops nothing, and is made again at the next look', async () => {
  const world = await copied();
  world.now += 600_000;
  const ports = world.ports();
  const describeConfigs = () => Promise.reject(new Error('connection lost'));
  const source = { ...ports.source, describeConfigs };

  const { inStep, ended } = await look(wanted(), { ...ports, source });

  expect(ended).toBeUndefined();
  expect(inStep.errors).toMatchObject([{ code: 'RECONCILE_STEP_FAILED', retriable: true }]);
  expect((await look(wanted(), world.ports())).inStep.configs).toMatchObject({ compared: 1 });
});
