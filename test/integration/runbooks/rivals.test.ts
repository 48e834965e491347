import { afterAll, beforeAll, describe, test } from 'vitest';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { newRecords } from './new-records.ts';
import { Pair } from './pair.ts';
import { openParts, type Parts } from './parts.ts';
import { type Called, run } from './run.ts';

const { Switchover, Failover, Failback, Drill } = RunbookKind;

let parts: Parts;
beforeAll(async () => {
  parts = await openParts();
});
afterAll(() => parts[Symbol.asyncDispose]());

describe.concurrent('Two runbooks at once', { timeout: 240_000 }, () => {
  test('both switchovers: one moves the applications, and the other never gets the lock', async ({ expect }) => {
    await using pair = await Pair.open(parts);

    const ran = await Promise.all([run(pair, Switchover), run(pair, Switchover)]);

    expect(ran.map(({ status }) => status).toSorted()).toEqual(['FAILED', 'SUCCEEDED']);
    const [refused] = ran.filter(({ status }) => status === 'FAILED');
    expect(refused?.error).toMatch(/^lock\.(STAGE_TIMED_OUT|ALREADY_ACTIVE)$/);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias, generation: 1 });
    await pair.applications.readAll();
  });

  test('a switchover and a failover, while the source is well: the switchover moves the applications', async ({
    expect,
  }) => {
    await using pair = await Pair.open(parts);

    const [planned, emergency] = await Promise.all([run(pair, Switchover), run(pair, Failover)]);

    expect([planned.status, planned.cause]).toEqual(['SUCCEEDED', undefined]);
    expect([emergency.status, emergency.error]).toEqual(['FAILED', expect.stringMatching(/^(lock|prove-source)\./)]);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.west.alias });
    await pair.applications.readAll();
  });

  test('a failback and a drill: the failback moves the applications, the drill nobody', async ({ expect }) => {
    await using pair = await Pair.open(parts);
    expect((await run(pair, Switchover)).status).toBe('SUCCEEDED');

    const [back, drill] = await Promise.all([run(pair, Failback), run(pair, Drill)]);

    expect([back.status, back.cause]).toEqual(['SUCCEEDED', undefined]);
    if (drill.status === 'FAILED') expect(drill.error).toMatch(/^lock\./);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });
});

describe.concurrent('A zombie of the replicator', { timeout: 240_000 }, () => {
  test('is refused from the hold on; what it had is what an unrouted producer wrote, for which the switchover is undone', async ({
    expect,
  }) => {
    await using pair = await Pair.open(parts);
    await pair.applications.turn();
    const zombie = await pair.replicator(pair.there);
    const written = () => newRecords(pair.east.cluster, { topic: pair.topic, partition: 1 }, 0);
    expect(await zombie.deliver(await written())).toMatchObject({ stopped: undefined });
    const outcomes: unknown[] = [];
    const before = async ({ stage, nth }: Called) => {
      await pair.beat();
      if (stage !== 'bound-loss' || nth > 1) return;
      await pair.applications.writeAt(pair.east);
      outcomes.push(await zombie.deliver((await written()).slice(-1)));
    };

    const { status, error } = await run(pair, Switchover, { before });

    expect(outcomes).toMatchObject([{ stopped: { error: { code: 'FLOW_HELD' } } }]);
    expect([status, error]).toEqual(['FAILED', 'bound-loss.RECORDS_LEFT']);
    expect(await pair.watch.settled()).toMatchObject({ active: pair.east.alias });
    await pair.applications.readAll();
  });
});
