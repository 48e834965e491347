import { describe, expect, it } from 'vitest';
import { begin, type RunStart } from '../../../../shared/runbook/registry/begin.ts';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { initialEntry } from '../../../../shared/runbook/registry/initial-entry.ts';
import { type RunbookKind, wayOfRunbook } from '../../../../shared/runbook/runbook.ts';
import { DRILL, EARLIER, entryWith, FAILBACK, FAILOVER, NOW, SWITCHOVER } from './entries.ts';
import { FLOW } from './invocation.ts';

const COOLDOWN_MS = 3_600_000;
const ENDED = { at: NOW, holderRuns: false, alarmCooldownMs: COOLDOWN_MS };
const GOES_ON = { ...ENDED, holderRuns: true };

function start(kind: RunbookKind, execution = 'arn:new'): RunStart {
  return { flow: FLOW, kind, way: wayOfRunbook(kind, FLOW), execution, startedBy: 'person' };
}

const BY_ALARM: RunStart = { ...start('failover'), startedBy: 'alarm' };

describe('a run begins', () => {
  it('as the first of a flow, whose applications are at the source', () => {
    expect(begin(initialEntry(FLOW), start('switchover'), ENDED)).toEqual({
      version: 1,
      active: 'us-east',
      clients: 'serving',
      generation: 1,
      run: { ...SWITCHOVER, execution: 'arn:new', startedAt: NOW },
      changedAt: 0,
    });
  });

  it('under the next generation once the lock was given back', () => {
    const entry = entryWith({ run: undefined, active: 'us-west' });

    const begun = begin(entry, start('failback'), ENDED);

    const run = { ...FAILBACK, execution: 'arn:new', startedAt: NOW };
    expect(begun).toEqual({ ...entry, version: 10, generation: 5, run });
  });

  it('once, however often its execution asks', () => {
    const entry = entryWith({ clients: 'producers-fenced' });
    expect(begin(entry, start('switchover', 'arn:held'), GOES_ON)).toBe(entry);
  });
});

describe('a run that stopped and left the lock', () => {
  it.each<[string, Partial<RegistryEntry>, RunbookKind]>([
    ['a switchover with one', { clients: 'clients-fenced' }, 'switchover'],
    ['a failover with a switchover, when the source is lost meanwhile', { clients: 'producers-fenced' }, 'failover'],
    ['a switchover with a failover whose source is back', { run: FAILOVER, clients: 'producers-fenced' }, 'switchover'],
    ['a failover with one that had moved applications', { run: FAILOVER, active: 'us-west' }, 'failover'],
    ['a failback with one', { run: FAILBACK, active: 'us-west', clients: 'clients-fenced' }, 'failback'],
    ['a drill with one', { run: DRILL }, 'drill'],
  ])('is gone on with by %s, and clients stay as they are', (_what, changes, kind) => {
    const entry = entryWith(changes);

    const begun = begin(entry, start(kind), ENDED);

    const run = { kind, ...wayOfRunbook(kind, FLOW), execution: 'arn:new', startedAt: NOW, abortRequested: false };
    expect(begun).toEqual({ ...entry, version: 10, generation: 5, run });
  });

  it('goes on although somebody had wanted it undone: it was started again', () => {
    const entry = entryWith({ run: { ...SWITCHOVER, abortRequested: true } });
    expect(begin(entry, start('switchover'), ENDED).run?.abortRequested).toBe(false);
  });

  it.each<[string, Partial<RegistryEntry>, RunbookKind]>([
    ['a failover, when the source is lost during a drill', { run: DRILL }, 'failover'],
    ['a failback, when the cluster that was moved to is not well', { active: 'us-west' }, 'failback'],
    ['a failover, when the cluster that was moved back to is lost', { run: FAILBACK }, 'failover'],
  ])('gives way to %s', (_what, changes, kind) => {
    expect(begin(entryWith(changes), start(kind), ENDED)).toMatchObject({ generation: 5, run: { kind } });
  });

  it.each<[string, Partial<RegistryEntry>, RunbookKind]>([
    ['a drill, while clients are fenced', { clients: 'producers-fenced' }, 'drill'],
    ['a drill, as the flow may still be held', {}, 'drill'],
    ['one of the other way', { clients: 'clients-fenced' }, 'failback'],
    ['a failover of the other way', { run: FAILBACK, active: 'us-west', clients: 'producers-fenced' }, 'failover'],
  ])('does not give way to what would not take back what it left: %s', (_what, changes, kind) => {
    const entry = entryWith(changes);
    const stopped = { code: 'RUN_UNFINISHED', message: expect.stringContaining(String(entry.run?.execution)) };
    expect(() => begin(entry, start(kind), ENDED)).toThrow(expect.objectContaining(stopped));
  });
});

describe('a run is refused', () => {
  it.each<[string, RunbookKind]>([
    ['another of its kind', 'switchover'],
    ['a failover', 'failover'],
    ['a drill', 'drill'],
  ])('while one is running: %s', (_what, kind) => {
    expect(() => begin(entryWith(), start(kind), GOES_ON)).toThrow(
      expect.objectContaining({
        code: 'RUNBOOK_RUNNING',
        retriable: true,
        message: `us-east->us-west: a switchover has been running since ${new Date(EARLIER).toISOString()}: arn:held`,
      }),
    );
  });

  it.each<[RunbookKind, string]>([
    ['switchover', 'us-west'],
    ['failover', 'us-west'],
    ['drill', 'us-west'],
    ['failback', 'us-east'],
  ])('where it would move applications to: a %s with them at %s', (kind, active) => {
    const refused = { code: 'ALREADY_ACTIVE', message: `us-east->us-west: applications are at ${active} already` };
    expect(() => begin(entryWith({ run: undefined, active }), start(kind), ENDED)).toThrow(
      expect.objectContaining(refused),
    );
  });

  it('where applications are at neither cluster of the flow', () => {
    expect(() => begin(entryWith({ run: undefined, active: 'us-east-old' }), start('failover'), ENDED)).toThrow(
      expect.objectContaining({ code: 'WRONG_SIDE', message: expect.stringContaining('us-east-old') }),
    );
  });
});

describe('a failover that an alarm started', () => {
  const movedBefore = (ms: number) => entryWith({ run: undefined, movedAt: NOW - ms });

  it.each<[string, RegistryEntry]>([
    ['where nobody was ever moved', initialEntry(FLOW)],
    ['once the last move is as long ago as the cool-down', movedBefore(COOLDOWN_MS)],
    ['where a drill left the lock: it changed nothing', entryWith({ run: DRILL })],
    ['shortly after a switchover that was undone', entryWith({ run: undefined, changedAt: NOW - 1 })],
  ])('begins %s', (_what, entry) => {
    expect(begin(entry, BY_ALARM, ENDED)).toMatchObject({ run: { kind: 'failover', execution: 'arn:new' } });
  });

  it.each<[string, RegistryEntry, string]>([
    ['within the cool-down after a move', movedBefore(COOLDOWN_MS - 1), 'ALARM_TOO_SOON'],
    ['when the clock of this call is behind that of the move', movedBefore(-5_000), 'ALARM_TOO_SOON'],
    ['where applications were moved to already', entryWith({ run: undefined, active: 'us-west' }), 'ALREADY_ACTIVE'],
    ['where a failover stopped half way', entryWith({ run: FAILOVER }), 'RUN_UNFINISHED'],
    ['where one stopped after it had moved them', entryWith({ run: FAILOVER, active: 'us-west' }), 'RUN_UNFINISHED'],
    ['where a failback stopped after it had moved them back', entryWith({ run: FAILBACK }), 'RUN_UNFINISHED'],
  ])('is refused %s', (_what, entry, code) => {
    expect(() => begin(entry, BY_ALARM, ENDED)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused while any other runs, be it a drill', () => {
    const running = expect.objectContaining({ code: 'RUNBOOK_RUNNING' });
    expect(() => begin(entryWith({ run: DRILL }), BY_ALARM, GOES_ON)).toThrow(running);
  });

  it('keeps the lock that it has, whatever its second call finds', () => {
    const own = entryWith({ run: { ...FAILOVER, execution: 'arn:new' }, movedAt: NOW, active: 'us-west' });
    expect(begin(own, BY_ALARM, ENDED)).toBe(own);
  });

  it('tells when a person may be sooner', () => {
    const message = `us-east->us-west: applications were moved at ${new Date(NOW - 60_000).toISOString()}, and an alarm moves none within 60 minutes of that`;
    const next = expect.stringContaining('npx causeway failover start');
    const refused = expect.objectContaining({ code: 'ALARM_TOO_SOON', retriable: false, message, next });
    expect(() => begin(movedBefore(60_000), BY_ALARM, ENDED)).toThrow(refused);
    expect(begin(movedBefore(60_000), start('failover'), ENDED).generation).toBe(5);
  });
});
