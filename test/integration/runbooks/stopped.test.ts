import { afterAll, beforeAll, describe, test } from 'vitest';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, run } from './run.ts';

const { Switchover, Failback, Drill } = RunbookKind;
/** They come after the lock was given back, or give it back: whoever is next begins anew. */
const LAST: readonly string[] = ['release', 'remove-shadows', 'report'];

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

/** One execution after the other is stopped while a stage goes on, at each of `stages`. @returns what still went on */
async function stopAtEach(pair: Pair, kind: RunbookKind, stages: readonly string[]): Promise<readonly unknown[]> {
  const late: Promise<unknown>[] = [];
  for (const name of stages) {
    const disturb = ({ stage }: Called) => (stage === name ? ({ kind: 'execution stopped' } as const) : undefined);
    const stopped = await run(pair, kind, { disturb });
    if (stopped.status !== 'ABORTED') throw new Error(`not stopped at ${name}: ${stopped.cause}`);
    late.push(...stopped.late);
  }
  return late;
}

function namesOf(kind: RunbookKind, which: 'last' | 'others'): readonly string[] {
  return stagesOf(kind).flatMap(({ name }) =>
    name !== 'approve' && LAST.includes(name) === (which === 'last') ? [name] : [],
  );
}

describe.concurrent('Executions that are stopped while a stage goes on', { timeout: 240_000 }, () => {
  test.for([
    { kind: Switchover, ends: 'west' },
    { kind: Failback, ends: 'east' },
  ] as const)(
    'are taken over, at every stage of a $kind, and what goes on of them does no harm',
    async (row, { expect }) => {
      const { kind, ends } = row;
      await using pair = await Pair.open(parts);
      if (kind === Failback) expect((await run(pair, Switchover)).status).toBe('SUCCEEDED');
      const late = await stopAtEach(pair, kind, namesOf(kind, 'others'));

      const last = await run(pair, kind);

      expect([last.status, last.cause]).toEqual(['SUCCEEDED', undefined]);
      await Promise.all(late);
      expect(await pair.watch.settled()).toMatchObject({ active: pair[ends].alias });
      await pair.applications.readAll();
    },
  );

  test.for(namesOf(Switchover, 'last'))(
    'of a switchover, at %s, leave it at its end, or to be started again',
    async (name, { expect }) => {
      await using pair = await Pair.open(parts);
      const late = await stopAtEach(pair, Switchover, [name]);

      const next = await run(pair, Switchover);

      if (next.status === 'FAILED') expect(next.error).toBe('lock.ALREADY_ACTIVE');
      await Promise.all(late);
      expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias });
      await pair.applications.readAll();
    },
  );

  test('hold up no drill after them, at every stage of a drill', async ({ expect }) => {
    await using pair = await Pair.open(parts);
    const late = await stopAtEach(pair, Drill, [...namesOf(Drill, 'others'), ...namesOf(Drill, 'last')]);
    await Promise.all(late);

    const next = await run(pair, Drill);

    expect([next.status, next.cause]).toEqual(['SUCCEEDED', undefined]);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });
});
