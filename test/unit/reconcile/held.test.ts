import { expect, test } from 'vitest';
import type { Hold } from '../../../shared/ledger/hold.ts';
import { forecast, forecastTopic } from '../../../shared/reconcile/forecast/forecast.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { renewIdle } from '../../../shared/reconcile/renew.ts';
import { headWith } from '../offsets/head-with.ts';
import { expectSettled, settle } from './settled.ts';
import { World, wanted } from './world.ts';

const DAY_MS = 86_400_000;
const hold: Hold = { generation: 7, since: 1_700_000_000_000, kind: 'failover' };

async function settled(...topics: string[]): Promise<World> {
  const world = new World();
  for (const topic of topics) world.makeSource(topic);
  await settle(world, wanted());
  return world;
}

/** Neither cluster answers. */
function gone(world: World) {
  const ports = world.ports();
  const list = () => Promise.reject(new Error('no broker answers'));
  return { ...ports, source: { ...ports.source, list }, target: { ...ports.target, list } };
}

test('mappings of a held flow are disabled though no cluster can be asked, and stay so', async () => {
  const world = await settled('orders', 'payments');
  world.hold = hold;

  const first = await look(wanted(), gone(world));
  world.pass(30_000);
  const { changes } = world;
  const second = await look(wanted(), gone(world));

  expect(world.listMappings().map(({ settings }) => settings.enabled)).toEqual([false, false]);
  expect(first).toMatchObject({ hold, covered: 2, ended: undefined, rounds: 1 });
  expect(first.steps.map(({ plan, done }) => [plan.topic, done])).toEqual([
    ['orders', ['done']],
    ['payments', ['done']],
  ]);
  expect(second.steps).toEqual([]);
  expect(world.changes).toBe(changes);
});

test('nothing is taken on, made anew or removed while a flow is held, and all of it after the lift', async () => {
  const world = await settled('orders', 'payments', 'stock');
  world.hold = hold;
  world.makeSource('invoices');
  world.makeSource('orders');
  world.source.delete('payments');
  const before = [...world.items.values()];

  for (let looks = 0; looks < 5; looks++) {
    await look(wanted(), world.ports());
    world.pass(70_000);
  }

  expect([...world.items.values()]).toEqual(before);
  expect(world.listMappings().map(({ topic }) => topic)).toEqual(['orders', 'payments', 'stock']);
  expect(world.target.has('us-east.invoices')).toBe(false);
  world.hold = undefined;
  await settle(world, wanted());
  expectSettled(world, wanted());
  expect(world.items.get('orders')?.generation).toBe(2);
});

test('a mapping that Lambda is busy with is waited for', async () => {
  const world = await settled('orders');
  world.hold = hold;
  for (const mapping of world.mappings.values()) mapping.phase = 'busy';

  const first = await look(wanted(), world.ports());
  world.pass(1_000);
  await look(wanted(), world.ports());

  expect(first.topics).toMatchObject([{ plan: { waitingFor: 'mapping-settled', actions: [] } }]);
  expect(world.listMappings()[0]?.settings.enabled).toBe(false);
});

test('mappings that Causeway did not make are left alone', async () => {
  const world = await settled('orders');
  world.addMapping({ ...wanted(), topic: 'orders', generation: 1, group: 'somebody-elses' });
  world.pass(1_000);
  world.hold = hold;

  await look(wanted(), world.ports());

  const enabled = world.listMappings().map(({ group, settings }) => [group === 'somebody-elses', settings.enabled]);
  expect(enabled).toEqual([
    [false, false],
    [true, true],
  ]);
});

test('a look that was under way when the flow was held neither makes nor enables a mapping', async () => {
  const world = await settled('orders');
  for (const mapping of world.mappings.values()) mapping.settings = { ...mapping.settings, enabled: false };
  world.makeSource('payments');
  world.target.set('us-east.payments', { name: 'us-east.payments', id: 't99', partitions: 1, internal: false });
  let listed = 0;
  const ports = world.ports();
  const registry = {
    ...ports.registry,
    list: async () => {
      const listing = await ports.registry.list();
      if (++listed === 1) world.hold = hold;
      return { ...listing, hold: undefined };
    },
  };

  await look(wanted(), { ...ports, registry });

  expect(listed).toBeGreaterThan(1);
  expect(world.items.get('payments')?.state).toBe('active');
  expect(world.listMappings().map(({ topic, settings }) => [topic, settings.enabled])).toEqual([['orders', false]]);
});

test('a plan of a held flow says who holds it, though no cluster can be asked', async () => {
  const world = await settled('orders');
  world.hold = hold;

  const { hold: told, covered, topics, removed } = await forecast(wanted(), gone(world));

  expect({ told, covered, removed }).toEqual({ told: hold, covered: 1, removed: false });
  expect(topics.map(({ topic, actions }) => [topic, actions])).toMatchObject([
    ['orders', [{ kind: 'update-mapping', settings: { enabled: false } }]],
  ]);
  expect(await forecastTopic('orders', wanted(), world.ports())).toMatchObject({ hold, seen: { mappings: [{}] } });
  expect(world.changes).toBeGreaterThan(0);
});

test('no producer of a held flow is renewed, nor one of a partition that is held still, and neither is an error', async () => {
  const world = await settled('orders');
  const { flow } = wanted();
  const renewed: string[] = [];
  const old = headWith({ renewedAt: 0 });
  const producers = (head = old) => ({
    head: async () => head,
    renew: async () => {
      renewed.push('orders');
      return { kind: 'fenced' as const, head };
    },
  });
  const day = async (head = old) => {
    const errors = [];
    world.now = 100 * DAY_MS;
    for (let minute = 0; minute < 1_440; minute++, world.now += 60_000) {
      errors.push(...(await renewIdle(flow, world.ports(), producers(head), world.now + 55_000)).errors);
    }
    return errors;
  };

  world.hold = hold;
  expect(await day()).toEqual([]);
  world.hold = undefined;
  expect(await day({ ...old, heldBy: { generation: 7 } })).toEqual([]);
  expect(renewed).toEqual([]);
  await day();
  expect(renewed).toEqual(['orders']);
});
