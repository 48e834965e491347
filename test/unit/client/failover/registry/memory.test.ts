import { expect, test } from 'vitest';
import { MemoryRegistry } from '../../../../../shared/client/failover/registry/memory.ts';

test('a registry in memory has no entry until one is set', async () => {
  expect(await new MemoryRegistry().read()).toBeUndefined();
});

test('a registry in memory raises the generation when a run begins, and keeps it until the next', async () => {
  const registry = new MemoryRegistry();
  const generations: (number | undefined)[] = [];
  for (const change of [
    { active: 'us-east', clients: 'producers-fenced' },
    { clients: 'clients-fenced' },
    { active: 'us-west', clients: 'serving' },
    { clients: 'producers-fenced' },
    { clients: 'serving' },
  ] as const) {
    registry.set(change);
    generations.push((await registry.read())?.generation);
  }

  expect(generations).toEqual([1, 1, 1, 2, 2]);
  expect(await registry.read()).toMatchObject({ active: 'us-west', clients: 'serving' });
});

test('a registry in memory fails until it is set again', async () => {
  const registry = new MemoryRegistry();
  registry.fail(new Error('no'));
  await expect(registry.read()).rejects.toThrow('no');
  registry.set({ active: 'us-east' });

  expect(await registry.read()).toMatchObject({ active: 'us-east' });
});

test('a registry in memory wants to know the cluster first', () => {
  expect(() => new MemoryRegistry().set({ clients: 'serving' })).toThrow(TypeError);
});
