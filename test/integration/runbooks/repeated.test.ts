import { afterAll, beforeAll, describe, test } from 'vitest';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { run } from './run.ts';

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('Every stage called', { timeout: 120_000 }, () => {
  test.for(['twice at once', 'twice in a row'] as const)(
    '%s moves applications there and back, exactly',
    async (kind, { expect }) => {
      await using pair = await Pair.open(parts);
      for (const runbook of [RunbookKind.Switchover, RunbookKind.Failback]) {
        const { status, cause } = await run(pair, runbook, { disturb: () => ({ kind }) });
        expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
      }
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias, generation: 2 });
      await pair.applications.readAll();
    },
  );

  test.for(['twice at once', 'twice in a row'] as const)('%s drills, and leaves nothing', async (kind, { expect }) => {
    await using pair = await Pair.open(parts);
    const { status, cause } = await run(pair, RunbookKind.Drill, { disturb: () => ({ kind }) });
    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias, generation: 1 });
    await pair.applications.readAll();
  });
});
