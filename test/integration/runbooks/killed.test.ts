import { afterAll, beforeAll, describe, test } from 'vitest';
import { isUndoneAt } from '../../../infra/flow/runbooks/after-a-stop.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, type Disturbance, run } from './run.ts';

const { Switchover, Failback, Drill } = RunbookKind;
/** Requests to the outside at which every stage is cut off, and whether that one is carried out. */
const CUTS = [1, 3, 9].map((nth, index) => ({ nth, carriedOut: index % 2 === 1 }));

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('A function that is killed', { timeout: 240_000 }, () => {
  test.for(CUTS)(
    'at request $nth of every stage is called again: applications move there and back, exactly',
    async (at, { expect }) => {
      await using pair = await Pair.open(parts);
      const disturb = ({ nth }: Called): Disturbance | undefined => (nth === 1 ? { kind: 'cut off', at } : undefined);
      for (const kind of [Switchover, Failback]) {
        const { status, cause, calls } = await run(pair, kind, { disturb });
        expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
        const killed = calls.filter((call) => call.endsWith('Runtime.ExitError'));
        expect(killed.length).toBeGreaterThanOrEqual(at.nth === 1 ? stagesOf(kind).length : 1);
      }
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias, generation: 2 });
      await pair.applications.readAll();
    },
  );

  test.for([Switchover, Drill])(
    'at every call of a stage leaves a %s undone, or at its last good stage, from where the next one goes on',
    async (kind, { expect }) => {
      await using pair = await Pair.open(parts);
      const { active } = await pair.watch.settled();
      const stages = stagesOf(kind).filter(({ name }) => name !== 'approve');
      for (const [index, { name }] of stages.entries()) {
        const error = index % 2 === 0 ? 'Runtime.ExitError' : 'Sandbox.Timedout';
        const at = { nth: 2 + (index % 4), carriedOut: index % 3 === 0 };
        const disturb = ({ stage }: Called): Disturbance | undefined =>
          stage === name ? { kind: 'cut off', at, error } : undefined;

        const { status, error: said } = await run(pair, kind, { disturb });

        expect([status, said]).toEqual(['FAILED', `${name}.${error}`]);
        if (isUndoneAt(kind, name)) expect(await pair.watch.settled()).toMatchObject({ active });
      }
      // What is killed in its last stage has given the lock back before.
      const ends = kind === Switchover ? pair.west : pair.east;
      expect(await pair.watch.settled()).toMatchObject({ active: ends.alias });
      await pair.applications.readAll();
    },
  );
});

describe.concurrent('A function that is called twice', { timeout: 240_000 }, () => {
  test.for(['twice at once', 'twice in a row'] as const)(
    '(%s) for every stage moves applications, exactly, and drills once',
    async (kind, { expect }) => {
      await using pair = await Pair.open(parts);
      const runbooks = kind === 'twice at once' ? [Switchover, Failback, Drill] : [Switchover];
      for (const runbook of runbooks) {
        const { status, cause } = await run(pair, runbook, { disturb: () => ({ kind }) });
        expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
      }
      expect(await pair.watch.settled()).toMatchObject({ generation: runbooks.length });
      await pair.applications.readAll();
    },
  );
});
