import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FailoverEmitter, type FailoverEvent } from '../../../../../shared/client/failover/events.ts';
import { MemoryRegistry } from '../../../../../shared/client/failover/registry/memory.ts';
import type { RegistrySource } from '../../../../../shared/client/failover/registry/source.ts';
import type { RegistryState } from '../../../../../shared/client/failover/registry/state.ts';
import { RegistryWatch } from '../../../../../shared/client/failover/registry/watch.ts';
import { until } from '../until.ts';

vi.setConfig({ testTimeout: 30_000 });

const flow = { source: 'us-east', target: 'us-west' };
const HOME: RegistryState = { active: 'us-east', clients: 'serving', generation: 1, changedAt: 1_000 };

function watching(source: RegistrySource, readTimeoutMs = 5_000) {
  const emitter = new FailoverEmitter((event, error) => {
    throw new Error(`a listener of ${event} failed`, { cause: error });
  });
  const events: [FailoverEvent, unknown][] = [];
  for (const event of ['fenced', 'moved', 'resumed', 'registry-unreadable'] as const)
    emitter.on(event, (told) => events.push([event, told]));
  const watch = new RegistryWatch({ flow, source, pollMs: 1, readTimeoutMs }, emitter);
  onTestFinished(() => watch.close());
  const followed: RegistryState[] = [];
  watch.follow((state) => followed.push(state));
  watch.start();
  return { watch, events, followed };
}

describe('what is followed', () => {
  test('is the home cluster while there is no entry', async () => {
    const { watch } = watching(new MemoryRegistry());

    expect(await watch.known(5_000)).toEqual({ active: 'us-east', clients: 'serving', generation: 0, changedAt: 0 });
  });

  test('is told once a change, with what it means', async () => {
    const registry = new MemoryRegistry(HOME);
    const { watch, events, followed } = watching(registry);
    await watch.known(5_000);
    const changes = [
      { clients: 'producers-fenced' },
      { clients: 'clients-fenced' },
      { clients: 'serving' },
      { clients: 'producers-fenced' },
      { active: 'us-west', clients: 'serving' },
    ] as const;
    for (const [i, change] of changes.entries()) {
      registry.set(change);
      await until(() => followed.length === i + 2);
    }

    expect(events).toEqual([
      ['fenced', { cluster: 'us-east', clients: 'producers-fenced', generation: 2 }],
      ['fenced', { cluster: 'us-east', clients: 'clients-fenced', generation: 2 }],
      ['resumed', { cluster: 'us-east', generation: 2 }],
      ['fenced', { cluster: 'us-east', clients: 'producers-fenced', generation: 3 }],
      ['moved', { from: 'us-east', to: 'us-west', generation: 3 }],
    ]);
  });

  test('is a move also when the fence before it was not seen', async () => {
    const registry = new MemoryRegistry(HOME);
    const { watch, events, followed } = watching(registry);
    await watch.known(5_000);
    registry.set({ active: 'us-west', generation: 2 });
    await until(() => followed.length === 2);

    expect(events).toEqual([['moved', { from: 'us-east', to: 'us-west', generation: 2 }]]);
  });

  test('never goes back to an older generation', async () => {
    const registry = new MemoryRegistry({ ...HOME, active: 'us-west', generation: 5 });
    const reads = vi.spyOn(registry, 'read');
    const { watch, followed } = watching(registry);
    await watch.known(5_000);
    registry.set({ active: 'us-east', generation: 4, changedAt: 9_999 });
    const seen = reads.mock.calls.length;
    await until(() => reads.mock.calls.length > seen + 2);

    expect(watch.state?.active).toBe('us-west');
    expect(followed).toHaveLength(1);
  });

  test('ends when it is not wanted any more', async () => {
    const registry = new MemoryRegistry(HOME);
    const { watch, followed } = watching(registry);
    const mine: RegistryState[] = [];
    watch.follow((state) => mine.push(state))();
    await watch.known(5_000);
    registry.set({ active: 'us-west' });
    await until(() => followed.length === 2);

    expect(mine).toEqual([]);
  });
});

describe('a registry that cannot be read', () => {
  test('changes nothing: the last state holds, and each failure is told', async () => {
    const registry = new MemoryRegistry(HOME);
    const { watch, events } = watching(registry);
    await watch.known(5_000);
    registry.fail(new Error('ThrottlingException'));
    await until(() => events.length >= 3);

    expect(watch.state).toEqual(HOME);
    expect(events[0]).toEqual([
      'registry-unreadable',
      { error: new Error('ThrottlingException'), lastKnown: HOME, forMs: expect.any(Number) },
    ]);
    registry.set({ clients: 'producers-fenced' });
    await until(() => watch.state?.clients === 'producers-fenced');
  });

  test('before its first answer is an error, once the wait is over', async () => {
    const registry = new MemoryRegistry();
    registry.fail(new Error('AccessDeniedException'));
    const { watch } = watching(registry);

    await expect(watch.known(20)).rejects.toMatchObject({
      code: 'REGISTRY_UNREADABLE',
      retriable: true,
      message: 'the registry of us-east->us-west has not answered for 20 ms: AccessDeniedException',
    });
  });

  test('is one that does not answer in time, whether or not it heeds the signal', async () => {
    const signals: AbortSignal[] = [];
    const source: RegistrySource = {
      read: (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    };
    const { events } = watching(source, 10);
    await until(() => events.length >= 2);

    expect(events[0]?.[1]).toMatchObject({ error: { name: 'TimeoutError' }, lastKnown: undefined });
    expect(signals[0]?.aborted).toBe(true);
  });

  test.each([
    ['names another cluster', { ...HOME, active: 'eu-west' }, { code: 'UNKNOWN_ACTIVE_CLUSTER' }],
    ['has an entry that is none', { active: 'us-west' }, { name: 'ZodError' }],
  ])('is one that %s', async (_, entry, error) => {
    const { events, watch } = watching({ read: async () => entry });
    await until(() => events.length >= 1);

    expect(events[0]?.[1]).toMatchObject({ error });
    expect(watch.state).toBeUndefined();
  });
});
