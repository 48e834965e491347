import { expect, test } from 'vitest';
import { Lifecycle } from '../../../../functions/reconcile/lifecycle.ts';
import { FIRST_LOOKS } from '../../../../functions/reconcile/request.ts';
import { settle } from '../../reconcile/settled.ts';
import { World, wanted } from '../../reconcile/world.ts';

const FLOW = { source: 'us-east', target: 'us-west' };

function lifecycle(world: World, changes: { registryFails?: boolean; invokeFails?: boolean } = {}) {
  const calls: object[] = [];
  const ports = world.ports();
  const setFlow = () => Promise.reject(new Error('no such table'));
  const registry = changes.registryFails ? { ...ports.registry, setFlow } : ports.registry;
  const life = new Lifecycle(FLOW, { ...ports, registry }, world.now + 60_000, async (event) => {
    if (changes.invokeFails) throw new Error('not authorized');
    calls.push({ event, noted: world.flow.deployment });
  });
  return { life, calls };
}

test('a deployment is noted, then has the first looks made by another call', async () => {
  const world = new World();
  const { life, calls } = lifecycle(world);

  expect(await life.begin('r1')).toBe('looking for topics since 1970-01-01T00:16:40.000Z');

  expect(world.flow).toEqual({ state: 'deployed', deployment: 'r1' });
  expect(calls).toEqual([{ event: FIRST_LOOKS, noted: 'r1' }]);
});

test('a table that is yet to be made does not keep the first looks from being made', async () => {
  const { life, calls } = lifecycle(new World(), { registryFails: true });

  expect(await life.begin('r1')).toMatch(/^looking for topics since .*; not noted as deployed: no such table$/);

  expect(calls).toMatchObject([{ event: FIRST_LOOKS }]);
});

test('a call that Lambda does not take on leaves the first look to the schedule', async () => {
  const world = new World();

  expect(await lifecycle(world, { invokeFails: true }).life.begin('r1')).toBe(
    "the first look is the schedule's: not authorized",
  );
  expect(world.flow.deployment).toBe('r1');
});

test('a removal tells how many mappings went, and what it could not note', async () => {
  const world = new World();
  world.makeSource('orders');
  await settle(world, wanted());

  expect(await lifecycle(world, { registryFails: true }).life.remove('r2')).toBe(
    'mappings removed 1; not noted in the offset map: no such table',
  );
  expect(world.listMappings()).toEqual([]);
});
