import { afterAll, beforeAll, describe, test } from 'vitest';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { LostSource } from './lost-source.ts';
import { newRecords } from './new-records.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, run } from './run.ts';

const { Switchover, Failover, Failback, Drill } = RunbookKind;
/** As long as state machines wait for `undo`, and more than one call takes. */
const UNDO_MS = 300_000;
const A_CALL_MS = 10_000;

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('DynamoDB that throttles', { timeout: 240_000 }, () => {
  test.for([4])(
    'every %i. request holds up a switchover, a failback and a drill, and no more',
    async (every, { expect }) => {
      await using pair = await Pair.open(parts);
      let requests = 0;
      pair.throttles = () => ++requests % every === 0;
      for (const kind of [Switchover, Failback, Drill]) {
        const { status, cause } = await run(pair, kind);
        expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
      }
      expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias, generation: 3 });
      await pair.applications.readAll();
    },
  );

  test.for([0, 1, 2])(
    'for longer than a stage waits leaves a switchover where the next one goes on, at each third stage from %i on',
    async (first, { expect }) => {
      await using pair = await Pair.open(parts);
      let throttled = false;
      pair.throttles = () => throttled;
      const stages = stagesOf(Switchover).filter(({ name }) => name !== 'approve' && name !== 'report');
      for (const { name, limitSeconds } of stages.filter((_, index) => index % 3 === first)) {
        // From the stage on nothing answers, until the run has ended: what it has done can neither go on nor be undone.
        const before = async ({ stage }: Called) => {
          if (stage === name) throttled = true;
          if (!throttled) await pair.beat();
          else pair.skip((stage === 'undo' ? UNDO_MS : limitSeconds * 1_000) + A_CALL_MS);
        };
        const { status, error } = await run(pair, Switchover, { before });
        expect([name, status, error]).toEqual([name, 'FAILED', `${name}.STAGE_TIMED_OUT`]);
        throttled = false;
      }
      const { status, cause } = await run(pair, Switchover);
      expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
      expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias });
      await pair.applications.readAll();
    },
  );
});

describe.concurrent('A source that takes connections and answers nothing', { timeout: 240_000 }, () => {
  test('ends a switchover before anything is changed', async ({ expect }) => {
    await using pair = await Pair.open(parts);
    await using east = await LostSource.open(pair);
    await pair.applications.turn();
    east.silence();

    const { status, error, entered } = await run(pair, Switchover, { before: () => pair.beat() });

    expect([status, error, entered.includes('fence-writers')]).toEqual([
      'FAILED',
      'prove-source.SOURCE_NOT_WELL',
      false,
    ]);
    east.comesBack();
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });

  test('in the middle of a switchover has it undone: writers go on as soon as it answers', async ({ expect }) => {
    await using pair = await Pair.open(parts);
    await using east = await LostSource.open(pair);
    await pair.applications.turn();
    const before = async ({ stage, nth }: Called) => {
      if (stage === 'fence-consumers' && nth === 1) east.silence();
      if (stage === 'undo') east.comesBack();
      if (stage === 'fence-consumers') pair.skip(30_000);
      await pair.beat();
    };

    const { status, error } = await run(pair, Switchover, { before });

    expect([status, error]).toEqual(['FAILED', 'fence-consumers.STAGE_TIMED_OUT']);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });

  test.for([undefined, 'drain', 'move-groups'])(
    'is left by a failover, after a switchover that was stopped at %s; no zombie appends what was left behind, which arrives when it is back',
    async (stoppedAt, { expect }) => {
      await using pair = await Pair.open(parts);
      await using east = await LostSource.open(pair);
      for (let turns = 0; turns < 3; turns++) await pair.applications.turn();
      await pair.checkpoint();
      const zombie = await pair.replicator(pair.there);
      const written = () => newRecords(pair.east.cluster, { topic: pair.topic, partition: 0 }, 0);
      expect(await zombie.deliver(await written())).toMatchObject({ stopped: undefined });
      if (stoppedAt !== undefined) {
        const disturb = ({ stage }: Called) =>
          stage === stoppedAt ? ({ kind: 'execution stopped' } as const) : undefined;
        const { status, late } = await run(pair, Switchover, { disturb });
        expect(status).toBe('ABORTED');
        await Promise.all(late);
      }
      east.silence();
      await pair.applications.writeAt(pair.east);
      const leftBehind = (await written()).slice(-1);
      const refused: (string | undefined)[] = [];
      const stages = stagesOf(Failover).map(({ name }): string => name);
      const [from, to] = ['bound-loss', 'release'].map((name) => stages.indexOf(name));
      const before = async ({ stage, nth }: Called) => {
        const at = stages.indexOf(stage);
        if (nth > 1 || at < (from ?? 0) || at > (to ?? 0)) return;
        const { stopped } = await zombie.deliver(leftBehind);
        refused.push(stopped && 'code' in stopped.error ? String(stopped.error.code) : undefined);
      };

      const { status, cause } = await run(pair, Failover, { before });

      expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
      expect(refused).toEqual(stages.slice(from, (to ?? 0) + 1).map(() => 'FLOW_HELD'));
      expect(await east.leavesNothing()).toMatchObject({ active: pair.west.alias });
    },
  );
});
