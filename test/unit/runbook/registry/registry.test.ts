import { describe, expect, it } from 'vitest';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import type { Executions } from '../../../../shared/runbook/registry/ports.ts';
import { Registry } from '../../../../shared/runbook/registry/registry.ts';
import { DRILL, entryWith, HOLDER, NOW } from './entries.ts';
import { FLOW } from './invocation.ts';

const WAY = { from: 'us-east', to: 'us-west' };

/** What a write meets; past the end of the list it is written. */
type Meets = 'conflict' | 'answer-lost' | 'never-arrived';

function registryOf(stored: RegistryEntry | undefined, meets: readonly Meets[] = []) {
  const store = { entry: stored, writes: 0 };
  const entries = {
    read: async () => store.entry,
    write: async (expected: number, entry: RegistryEntry) => {
      const met = meets[store.writes++];
      if (met === 'never-arrived') throw new Error(met);
      if (met === 'conflict' || (store.entry?.version ?? 0) !== expected) return 'conflict';
      store.entry = entry;
      if (met === 'answer-lost') throw new Error(met);
      return 'written';
    },
  } as const;
  return { store, registry: new Registry({ flow: FLOW, entries, now: () => NOW }) };
}

function running(...executions: readonly string[]): Executions {
  return { isRunning: async (execution) => executions.includes(execution) };
}

describe('a registry', () => {
  it('has applications at the source before the first run', async () => {
    const { registry } = registryOf(undefined);
    expect(await registry.entry()).toEqual({
      version: 0,
      active: 'us-east',
      clients: 'serving',
      generation: 0,
      run: undefined,
      changedAt: 0,
    });
  });

  it('asks whether the holder of the lock is running, not of itself', async () => {
    const { registry, store } = registryOf(entryWith());
    const start = { kind: 'switchover', way: WAY, startedBy: 'person' } as const;

    const refused = registry.begin({ ...start, execution: 'arn:new' }, running('arn:held'));
    await expect(refused).rejects.toMatchObject({ code: 'RUNBOOK_RUNNING' });
    expect(store.writes).toBe(0);

    const unasked = { isRunning: () => Promise.reject(new Error('asked')) };
    expect(await registry.begin({ ...start, execution: 'arn:held' }, unasked)).toBe(store.entry);
    expect(store.writes).toBe(0);

    await registry.begin({ ...start, execution: 'arn:new' }, running('arn:new'));
    expect(store.entry).toMatchObject({ generation: 5, run: { execution: 'arn:new' } });
  });

  it('leaves the lock where it is not known whether its holder is running', async () => {
    const { registry, store } = registryOf(entryWith());
    const unknown = { isRunning: () => Promise.reject(new Error('no answer')) };

    const start = { kind: 'failover', way: WAY, execution: 'arn:new', startedBy: 'person' } as const;
    await expect(registry.begin(start, unknown)).rejects.toThrow('no answer');
    expect(store.writes).toBe(0);
  });

  it('tells a dry run what would refuse it, and writes nothing', async () => {
    const { registry, store } = registryOf(entryWith({ run: DRILL }));
    const start = { kind: 'failover', way: WAY, execution: 'arn:dry', startedBy: 'schedule' } as const;

    await expect(registry.mayBegin(start, running('arn:held'))).rejects.toMatchObject({ code: 'RUNBOOK_RUNNING' });
    await registry.mayBegin(start, running());
    expect(store.writes).toBe(0);
  });

  it.each<[string, readonly Meets[], number]>([
    ['others write first', ['conflict', 'conflict'], 3],
    ['the write does not arrive', ['never-arrived'], 2],
    ['the answer is lost', ['answer-lost'], 1],
    ['everything happens', ['conflict', 'never-arrived', 'answer-lost'], 3],
  ])('changes the entry once where %s', async (_what, meets, writes) => {
    const { registry, store } = registryOf(entryWith(), meets);

    const fenced = await registry.fenceProducers(HOLDER.generation);

    expect(fenced).toEqual(entryWith({ version: 10, clients: 'producers-fenced', changedAt: NOW }));
    expect(store).toEqual({ entry: fenced, writes });
  });

  it('goes through a run of one generation', async () => {
    const { registry } = registryOf(undefined);
    const start = { kind: 'switchover', way: WAY, execution: 'arn:new', startedBy: 'person' } as const;
    const { generation } = await registry.begin(start, running());

    await registry.fenceProducers(generation);
    await registry.fenceConsumers(generation);
    await registry.promote(generation);
    const finished = await registry.finish(generation);

    const moved = { active: 'us-west', clients: 'serving', generation: 1, changedAt: NOW + 2, movedAt: NOW } as const;
    expect(finished).toEqual({ version: 5, ...moved, run: undefined });
    await expect(registry.unfence(generation)).rejects.toMatchObject({ code: 'RUN_SUPERSEDED' });
  });

  it('gives up when others never let it write, and when the store does not answer', async () => {
    const busy = registryOf(entryWith(), Array<Meets>(100).fill('conflict'));
    const silent = registryOf(entryWith(), Array<Meets>(100).fill('never-arrived'));

    await expect(busy.registry.requestAbort(HOLDER.generation)).rejects.toMatchObject({
      code: 'REGISTRY_BUSY',
      retriable: true,
    });
    await expect(silent.registry.finish(HOLDER.generation)).rejects.toThrow('never-arrived');
    expect([busy.store.writes, silent.store.writes]).toEqual([8, 8]);
  });
});
