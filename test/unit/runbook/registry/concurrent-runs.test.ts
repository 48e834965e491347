import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { programs, settled } from './commands.ts';
import type { Change, Run } from './invocation.ts';
import { World } from './world.ts';

it('never has two active clusters or two holders of the lock, takes nothing on from a run that was superseded, and lets no alarm begin after a move', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (commands) => {
      const world = new World();

      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);

      await settled(world);
      expect(world.model.violations).toEqual([]);
      await expectAWayOut(world);
    }),
    { numRuns: 200 },
  );
}, 120_000);

/** However everything ended: an operator gets clients serving, the lock back, and applications moved. */
async function expectAWayOut(world: World): Promise<void> {
  world.stopAll();
  const held = world.entry?.run;
  if (held && held.kind !== 'drill' && world.entry?.active === held.from) {
    const again = world.start(held.kind);
    await expectDone(world, again, ['begin', 'unfence', 'finish']);
  }
  if (world.model.active === 'us-west') await expectMoved(world, 'failback', 'us-east');
  await expectMoved(world, 'failover', 'us-west');
  await expectNoAlarmMoves(world, 'ALREADY_ACTIVE');
  await expectMoved(world, 'failback', 'us-east');
  await expectNoAlarmMoves(world, 'ALARM_TOO_SOON');
}

async function expectMoved(world: World, kind: 'failover' | 'failback', active: string): Promise<void> {
  const steps = ['begin', 'fenceProducers', 'fenceConsumers', 'promote', 'finish'] as const;
  const moved = await expectDone(world, world.start(kind), steps);
  expect(moved).toMatchObject({ active, clients: 'serving', run: undefined });
}

/** Two at once, as EventBridge may tell of an alarm twice. */
async function expectNoAlarmMoves(world: World, code: string): Promise<void> {
  const before = world.entry;
  const asked = [0, 1].map(() => world.ask(world.start('failover', 'alarm'), 'begin'));
  await settled(world);
  expect(await Promise.all(asked)).toMatchObject([{ code }, { code }]);
  expect(world.entry).toBe(before);
}

async function expectDone(world: World, run: Run, changes: readonly (Change | 'begin')[]): Promise<RegistryEntry> {
  let last: RegistryEntry | Error = new Error('nothing was asked');
  for (const change of changes) {
    const asked = world.ask(run, change);
    await settled(world);
    last = await asked;
    expect(last, `${change} of ${run.kind}`).not.toBeInstanceOf(Error);
  }
  if (last instanceof Error) throw last;
  return last;
}
