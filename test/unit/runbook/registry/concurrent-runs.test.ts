import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import { programs, settled } from './commands.ts';
import type { Change, Run } from './invocation.ts';
import { World } from './world.ts';

it('never has two active clusters or two holders of the lock, and takes nothing on from a run that was superseded', async () => {
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
  const kind = world.model.active === 'us-east' ? 'failover' : 'failback';
  const move = world.start(kind);
  const moved = await expectDone(world, move, ['begin', 'fenceProducers', 'fenceConsumers', 'promote', 'finish']);
  expect(moved).toMatchObject({ active: kind === 'failover' ? 'us-west' : 'us-east', clients: 'serving' });
  expect(moved.run).toBeUndefined();
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
