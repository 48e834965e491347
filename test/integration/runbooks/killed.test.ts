import { afterAll, beforeAll, describe, test } from 'vitest';
import { isUndoneAt } from '../../../infra/flow/runbooks/after-a-stop.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Disturbance, run } from './run.ts';

const MOVES = [RunbookKind.Switchover, RunbookKind.Failback] as const;
/** Requests to the outside at which calls are cut off: every one of the first, and then ever fewer. */
const CUTS = [1, 2, 3, 4, 6, 9, 13, 19, 28, 40];

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('A function that is killed', { timeout: 120_000 }, () => {
  test.for(CUTS.flatMap((nth) => [false, true].map((carriedOut) => ({ nth, carriedOut }))))(
    'at request $nth of every stage (carried out: $carriedOut) is called again: applications move there and back, exactly',
    async (at, { expect }) => {
      await using pair = await Pair.open(parts);
      for (const kind of MOVES) {
        const disturb = ({ nth }: { readonly nth: number }): Disturbance | undefined =>
          nth === 1 ? { kind: 'cut off', at } : undefined;
        const { status, calls, cause } = await run(pair, kind, { disturb });
        expect([status, cause, calls.filter((call) => call.endsWith('ExitError')).length > 0]).toEqual([
          'SUCCEEDED',
          undefined,
          at.nth < 10,
        ]);
      }
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias, generation: 2 });
      await pair.applications.readAll();
    },
  );

  const stages = stagesOf(RunbookKind.Switchover).filter(({ name }) => name !== 'approve');
  test.for(stages.map(({ name }, index) => ({ stage: name, index })))(
    'at every call of $stage leaves the run undone, or at its last good stage; started again it goes on to the end',
    async ({ stage, index }, { expect }) => {
      await using pair = await Pair.open(parts);
      const error = index % 2 === 0 ? 'Runtime.ExitError' : 'Sandbox.Timedout';
      const at = { nth: 3 + (index % 3), carriedOut: index % 2 === 0 };
      const disturb = (called: { readonly stage: string }): Disturbance | undefined =>
        called.stage === stage ? { kind: 'cut off', at, error } : undefined;

      const killed = await run(pair, RunbookKind.Switchover, { disturb });

      expect([killed.status, killed.error]).toEqual(['FAILED', `${stage}.${error}`]);
      if (isUndoneAt(RunbookKind.Switchover, stage))
        expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
      const again = await run(pair, RunbookKind.Switchover);
      expect([again.status, again.cause]).toEqual(['SUCCEEDED', undefined]);
      expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias, generation: 2 });
      await pair.applications.readAll();
    },
  );
});
