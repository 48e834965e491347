import { describe, expect, it } from 'vitest';
import type { RegistryEntry, RunningRunbook } from '../../../../shared/runbook/registry/entry.ts';
import { fenceConsumers, fenceProducers } from '../../../../shared/runbook/registry/fence.ts';
import { finish } from '../../../../shared/runbook/registry/finish.ts';
import { promote } from '../../../../shared/runbook/registry/promote.ts';
import { requestAbort } from '../../../../shared/runbook/registry/request-abort.ts';
import { unfence } from '../../../../shared/runbook/registry/unfence.ts';
import { DRILL, EARLIER, entryWith, FAILBACK, FAILOVER, FORMER, HOLDER, LATER, NOW, SWITCHOVER } from './entries.ts';

const STEPS = { fenceProducers, fenceConsumers, unfence, promote, finish, requestAbort };
const ONWARD = { fenceProducers, fenceConsumers, promote };

function code(change: () => RegistryEntry): unknown {
  try {
    change();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

describe.each(Object.entries(STEPS))('%s', (_name, step) => {
  it.each([
    ['of a later run', entryWith(), FORMER],
    ['of a run that has not begun', entryWith(), LATER],
    ['of the run before, when the lock was given back', entryWith({ run: undefined }), FORMER],
  ])('is refused where the lock is that %s', (_what, entry, asking) => {
    expect(code(() => step(entry, asking, NOW))).toBe('RUN_SUPERSEDED');
  });
});

describe.each(Object.entries(ONWARD))('%s', (_name, step) => {
  it('is refused to a run that is to be undone', () => {
    const entry = entryWith({ clients: 'clients-fenced', run: { ...SWITCHOVER, abortRequested: true } });
    expect(code(() => step(entry, HOLDER, NOW))).toBe('RUN_ABORTED');
  });

  it('is refused to a run that has given the lock back', () => {
    expect(code(() => step(entryWith({ run: undefined }), HOLDER, NOW))).toBe('RUN_SUPERSEDED');
  });

  it('is no business of a drill', () => {
    expect(code(() => step(entryWith({ run: DRILL }), HOLDER, NOW))).toBe('DRILL_MOVES_NOBODY');
  });

  it('changes nothing when a run is started again that has moved the applications', () => {
    const entry = entryWith({ active: 'us-west' });
    expect(step(entry, HOLDER, NOW)).toBe(entry);
  });
});

describe('fencing', () => {
  it('stops producers, then consumers', () => {
    const entry = entryWith();
    const producers = fenceProducers(entry, HOLDER, NOW);
    const consumers = fenceConsumers(producers, HOLDER, NOW + 1);

    expect(producers).toEqual({ ...entry, version: 10, clients: 'producers-fenced', changedAt: NOW });
    expect(consumers).toEqual({ ...entry, version: 11, clients: 'clients-fenced', changedAt: NOW + 1 });
  });

  it('is done once, and producers are not fenced in place of all clients', () => {
    const [producers, all] = [entryWith({ clients: 'producers-fenced' }), entryWith({ clients: 'clients-fenced' })];

    expect(fenceProducers(producers, HOLDER, NOW)).toBe(producers);
    expect(fenceProducers(all, HOLDER, NOW)).toBe(all);
    expect(fenceConsumers(all, HOLDER, NOW)).toBe(all);
  });
});

it('tells clients what is new as later than what was before, whatever the clocks say', () => {
  const fenced = fenceProducers(entryWith(), HOLDER, NOW);
  const all = fenceConsumers(fenced, HOLDER, NOW - 5_000);
  const moved = promote(all, HOLDER, NOW - 60_000);

  expect([fenced, all, moved].map(({ changedAt }) => changedAt)).toEqual([NOW, NOW + 1, NOW + 2]);
  expect(unfence(all, HOLDER, 0).changedAt).toBe(NOW + 2);
});

describe('promoting', () => {
  it.each<[string, RunningRunbook, Partial<RegistryEntry>, string]>([
    ['a switchover', SWITCHOVER, { clients: 'clients-fenced' }, 'us-west'],
    ['a failover, when producers are fenced', FAILOVER, { clients: 'producers-fenced' }, 'us-west'],
    ['a failover that goes on with a switchover', FAILOVER, { clients: 'clients-fenced' }, 'us-west'],
    ['a failback', FAILBACK, { active: 'us-west', clients: 'clients-fenced' }, 'us-east'],
  ])('moves applications, and they are served there: %s', (_what, run, changes, active) => {
    const entry = entryWith({ run, ...changes });
    const moved = { active, clients: 'serving', changedAt: NOW, movedAt: NOW };
    expect(promote(entry, HOLDER, NOW)).toEqual({ ...entry, version: 10, ...moved });
  });

  it.each<[string, RunningRunbook, Partial<RegistryEntry>]>([
    ['a switchover while consumers read', SWITCHOVER, { clients: 'producers-fenced' }],
    ['a failback while consumers read', FAILBACK, { clients: 'producers-fenced', active: 'us-west' }],
    ['a failover while producers write', FAILOVER, { clients: 'serving' }],
  ])('is refused to %s', (_what, run, changes) => {
    expect(code(() => promote(entryWith({ run, ...changes }), HOLDER, NOW))).toBe('NOT_FENCED');
  });
});

describe('undoing', () => {
  it('lets clients go on where they are, and takes nothing on any more that leads on', () => {
    const entry = entryWith({ clients: 'clients-fenced' });
    const undone = unfence(entry, HOLDER, NOW);

    const run = { ...SWITCHOVER, abortRequested: true };
    expect(undone).toEqual({ ...entry, version: 10, clients: 'serving', changedAt: NOW, run });
    expect(unfence(undone, HOLDER, NOW + 1)).toBe(undone);
    expect(code(() => fenceProducers(undone, HOLDER, NOW))).toBe('RUN_ABORTED');
  });

  it('says nothing new to clients that were never fenced', () => {
    const undone = unfence(entryWith(), HOLDER, NOW);
    expect(undone.changedAt).toBe(entryWith().changedAt);
    expect(undone.run?.abortRequested).toBe(true);
  });

  it('lets clients go on when it was asked for before', () => {
    const run = { ...SWITCHOVER, abortRequested: true };
    const undone = unfence(entryWith({ clients: 'producers-fenced', run }), HOLDER, NOW);
    expect(undone).toEqual(entryWith({ version: 10, clients: 'serving', changedAt: NOW, run }));
  });

  it('is asked for once, and changes nothing for clients', () => {
    const entry = entryWith({ clients: 'producers-fenced' });
    const asked = requestAbort(entry, HOLDER);

    expect(asked).toEqual({ ...entry, version: 10, run: { ...SWITCHOVER, abortRequested: true } });
    expect(requestAbort(asked, HOLDER)).toBe(asked);
  });

  it('comes too late once applications have moved', () => {
    const moved = entryWith({ active: 'us-west' });
    expect(code(() => unfence(moved, HOLDER, NOW))).toBe('APPLICATIONS_MOVED');
    expect(code(() => requestAbort(moved, HOLDER))).toBe('APPLICATIONS_MOVED');
  });
});

describe('finishing', () => {
  it('gives the lock back, once', () => {
    const entry = entryWith({ active: 'us-west' });
    const finished = finish(entry, HOLDER, NOW);

    expect(finished).toEqual({ ...entry, version: 10, run: undefined, movedAt: NOW });
    expect(finish(finished, HOLDER, NOW + 1)).toBe(finished);
  });

  it.each<[string, Partial<RegistryEntry>]>([
    ['a switchover that was undone', {}],
    ['a drill, wherever applications are', { run: DRILL, active: 'us-west' }],
  ])('is no move when the run is %s', (_what, changes) => {
    expect(finish(entryWith({ ...changes, movedAt: EARLIER }), HOLDER, NOW).movedAt).toBe(EARLIER);
  });

  it('is refused while clients are fenced: nobody would let them go on', () => {
    expect(code(() => finish(entryWith({ clients: 'producers-fenced' }), HOLDER, NOW))).toBe('CLIENTS_STILL_FENCED');
  });
});
