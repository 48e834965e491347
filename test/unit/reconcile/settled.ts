import { expect } from 'vitest';
import { planTopics } from '../../../shared/reconcile/plan.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import type { Wanted } from '../../../shared/reconcile/wanted.ts';
import type { World } from './world.ts';

/** Looks, with time passing between, until nothing is left to do or wait for. */
export async function settle(world: World, want: Wanted): Promise<void> {
  for (let looks = 0; looks < 30; looks++) {
    const report = await look(want, world.ports());
    const waiting = report.topics.some((topic) => topic.plan.waitingFor !== undefined);
    if (report.steps.length === 0 && !waiting) return;
    world.pass(30_000);
  }
  throw new Error(`not settled: ${JSON.stringify([...world.items.values()])} ${JSON.stringify(world.listMappings())}`);
}

export function plan(world: World, want: Wanted) {
  const { now } = world;
  const sourceTopics = [...world.source.values()];
  const targetTopics = [...world.target.values()];
  return planTopics(
    { now, sourceTopics, targetTopics, mappings: world.listMappings(), items: [...world.items.values()] },
    want,
  );
}

/** Every covered topic: one right mapping, a true item, room on the target. Every other: no mapping. */
export function expectSettled(world: World, want: Wanted): void {
  expect(world.violations).toEqual([]);
  for (const source of world.source.values()) {
    if (!want.topics.covers(source.name)) continue;
    const item = world.items.get(source.name);
    const target = world.target.get(want.topics.remoteTopic(source.name));
    expect(item).toMatchObject({ state: 'active', sourceTopicId: source.id, targetTopicId: target?.id });
    expect(target?.partitions).toBeGreaterThanOrEqual(source.partitions);
    expect(world.of(source.name)).toEqual([
      {
        uuid: item?.mappingUuid,
        topic: source.name,
        group: item?.consumerGroup,
        phase: 'settled',
        origin: want.origin,
        settings: want.settings,
        lossless: true,
      },
    ]);
  }
  for (const mapping of world.listMappings()) expect(world.source.has(mapping.topic)).toBe(true);
  expect(plan(world, want).flatMap((topic) => topic.actions)).toEqual([]);
}
