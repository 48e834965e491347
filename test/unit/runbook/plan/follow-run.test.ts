import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunEndedBadlyError, RunGoesOnError } from '../../../../shared/runbook/plan/errors.ts';
import { followRun } from '../../../../shared/runbook/plan/follow-run.ts';
import type { ExecutionState, PlanExecutions } from '../../../../shared/runbook/plan/ports.ts';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { entryWith, SWITCHOVER } from '../registry/entries.ts';

const HOME = entryWith({ run: undefined });
const RUNNING: ExecutionState = { kind: 'running' };
const BAD: ExecutionState = { kind: 'ended-badly', error: 'drain.STAGE_TIMED_OUT', cause: 'orders-1: 50 records' };

/** A state machine whose runs take so long and end so; applications are where the last good one left them. */
class Machine implements PlanExecutions {
  now = 0;
  entry: RegistryEntry;
  readonly started: { readonly at: number; readonly ends: ExecutionState }[] = [];
  readonly #takesMs: number;
  readonly #ends: readonly ExecutionState[];

  constructor(entry: RegistryEntry, takesMs: number, ...ends: readonly ExecutionState[]) {
    this.entry = entry;
    this.#takesMs = takesMs;
    this.#ends = ends;
  }

  async running(): Promise<string | undefined> {
    const index = this.started.findIndex(({ at }) => this.now < at + this.#takesMs);
    return index < 0 ? undefined : `arn:${index}`;
  }

  async start(): Promise<string> {
    const ends = this.#ends[this.started.length] ?? { kind: 'succeeded' };
    this.started.push({ at: this.now, ends });
    return `arn:${this.started.length - 1}`;
  }

  async state(execution: string): Promise<ExecutionState> {
    const run = this.started[Number(execution.slice('arn:'.length))];
    if (run === undefined || this.now < run.at + this.#takesMs) return RUNNING;
    if (run.ends.kind === 'succeeded') this.entry = { ...this.entry, active: 'us-west', run: undefined };
    return run.ends;
  }

  /** One call of the step, which has so much time. */
  call(forMs = 60_000) {
    return followRun({
      ...{ kind: 'switchover', to: 'us-west', executions: this, until: this.now + forMs },
      entry: async () => this.entry,
      clock: {
        now: () => this.now,
        wait: async (ms) => {
          this.now += ms;
        },
      },
    });
  }
}

test('a step starts the runbook and succeeds when that has', async () => {
  const machine = new Machine(HOME, 40_000);
  expect(await machine.call()).toEqual({ outcome: 'moved', execution: 'arn:0' });
  expect(machine.now).toBeGreaterThanOrEqual(40_000);
});

test('a step that is called when applications are there starts nothing', async () => {
  const machine = new Machine(entryWith({ run: undefined, active: 'us-west' }), 1_000);
  expect(await machine.call()).toEqual({ outcome: 'nothing-to-do' });
  expect(machine.started).toEqual([]);
});

test.each<[string, RegistryEntry]>([
  ['has moved them and stopped after it', entryWith({ active: 'us-west', run: SWITCHOVER })],
  ['has fenced clients and stopped', entryWith({ clients: 'clients-fenced' })],
])('a run that %s is gone on with: the runbook is started again', async (_what, entry) => {
  const machine = new Machine(entry, 1_000);
  expect(await machine.call()).toMatchObject({ outcome: 'moved' });
});

test('a run that takes longer than a call is found and followed by the next, and not started twice', async () => {
  const machine = new Machine(HOME, 150_000);

  await expect(machine.call()).rejects.toThrow(RunGoesOnError);
  expect(machine.now).toBeLessThan(60_000);
  await expect(machine.call()).rejects.toMatchObject({ code: 'RUN_GOES_ON', retriable: true });
  machine.now = 110_000;
  expect(await machine.call()).toEqual({ outcome: 'moved', execution: 'arn:0' });
  expect(machine.started).toHaveLength(1);
});

test('a run that ended while nobody followed it is not taken for the next one’s', async () => {
  const machine = new Machine(HOME, 90_000);
  await expect(machine.call()).rejects.toThrow(RunGoesOnError);
  machine.now = 200_000;
  await machine.state('arn:0');
  expect(await machine.call()).toEqual({ outcome: 'nothing-to-do' });
});

test('a run that ends badly fails the step with what it said, and the next call starts another', async () => {
  const machine = new Machine(HOME, 10_000, BAD);

  const failed = machine.call();
  await expect(failed).rejects.toThrow(RunEndedBadlyError);
  await expect(failed).rejects.toThrow(/switchover ended with drain\.STAGE_TIMED_OUT: orders-1: 50 records \(arn:0\)/);
  expect(await machine.call()).toEqual({ outcome: 'moved', execution: 'arn:1' });
});

test('however a plan calls it, it succeeds only with applications there, and no two runs overlap', async () => {
  const anyPlan = fc.record({
    takesMs: fc.integer({ min: 1, max: 200_000 }),
    bad: fc.nat({ max: 3 }),
    pauses: fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(anyPlan, async ({ takesMs, bad, pauses }) => {
      const machine = new Machine(HOME, takesMs, ...Array<ExecutionState>(bad).fill(BAD));
      for (const pause of pauses) {
        const came = await machine.call().catch((error: unknown) => error);
        if (!(came instanceof Error)) expect(machine.entry.active).toBe('us-west');
        machine.now += pause;
        for (const [index] of machine.started.entries()) await machine.state(`arn:${index}`);
      }
      const starts = machine.started.map(({ at }) => at);
      for (const [index, at] of starts.entries())
        expect(at - (starts[index - 1] ?? -takesMs)).toBeGreaterThanOrEqual(takesMs);
    }),
  );
});
