import { afterAll, beforeAll, describe, test } from 'vitest';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, type Disturbance, run } from './run.ts';

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

const { Switchover, Failback, Drill } = RunbookKind;
const called = stagesOf(Switchover).filter(({ name }) => name !== 'approve');

describe.concurrent('An execution that is stopped', { timeout: 120_000 }, () => {
  test.for(called)(
    'while $name goes on is taken over by the next one, which moves the applications; what still went on does no harm',
    async ({ name }, { expect }) => {
      await using pair = await Pair.open(parts);
      const disturb = ({ stage }: Called): Disturbance | undefined =>
        stage === name ? { kind: 'execution stopped' } : undefined;

      const stopped = await run(pair, Switchover, { disturb });
      const next = await run(pair, Switchover);

      expect(stopped.status).toBe('ABORTED');
      await Promise.all(stopped.late);
      // The last stages give the lock back: whoever comes after them finds the applications where they are wanted.
      if (next.status === 'FAILED')
        expect([name, next.error]).toEqual([expect.stringMatching(/release|report/), 'lock.ALREADY_ACTIVE']);
      expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias });
      await pair.applications.readAll();
    },
  );

  test('at every stage of a failback, one execution after the other, ends with the applications back', async ({
    expect,
  }) => {
    await using pair = await Pair.open(parts);
    expect((await run(pair, Switchover)).status).toBe('SUCCEEDED');
    const late: Promise<unknown>[] = [];
    for (const { name } of called.filter(({ name }) => name !== 'release' && name !== 'report')) {
      const disturb = ({ stage }: Called): Disturbance | undefined =>
        stage === name ? { kind: 'execution stopped' } : undefined;
      const stopped = await run(pair, Failback, { disturb });
      expect([name, stopped.status]).toEqual([name, 'ABORTED']);
      late.push(...stopped.late);
    }
    const last = await run(pair, Failback);

    expect([last.status, last.cause]).toEqual(['SUCCEEDED', undefined]);
    await Promise.all(late);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });

  test.for(stagesOf(Drill))(
    'of a drill, at $name, holds up nobody: the next drill ends well',
    async ({ name }, { expect }) => {
      await using pair = await Pair.open(parts);
      const disturb = ({ stage }: Called): Disturbance | undefined =>
        stage === name ? { kind: 'execution stopped' } : undefined;

      const stopped = await run(pair, Drill, { disturb });
      const next = await run(pair, Drill);

      expect([stopped.status, next.status, next.cause]).toEqual(['ABORTED', 'SUCCEEDED', undefined]);
      await Promise.all(stopped.late);
      expect((await run(pair, Drill)).status).toBe('SUCCEEDED');
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
      await pair.applications.readAll();
    },
  );
});
