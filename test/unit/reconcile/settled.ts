import { expect } from 'vitest';
import { isCausewayGroup } from '../../../shared/reconcile/consumer-group.ts';
import { isCovered, planTopics } from '../../../shared/reconcile/plan.ts';
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
    {
      now,
      sourceTopics,
      targetTopics,
      mappings: world.listMappings(),
      items: [...world.items.values()],
      configsOfNew: new Map(),
      made: new Set(),
    },
    want,
  );
}

/** Every covered topic: one right mapping, a true item, room on the target. Every other: no mapping. */
export function expectSettled(world: World, want: Wanted): void {
  expect(world.violations).toEqual([]);
  for (const source of world.source.values()) {
    if (!isCovered(source, want)) continue;
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
  for (const { topic, group } of world.listMappings().filter((mapping) => isCausewayGroup(mapping.group))) {
    const source = world.source.get(topic);
    expect([topic, source !== undefined && isCovered(source, want)]).toEqual([topic, true]);
    expect(group).toBe(world.items.get(topic)?.consumerGroup);
  }
  expect(plan(world, want).flatMap((topic) => topic.actions)).toEqual([]);
}

/** One more look asks for no change at all. */
export async function expectIdle(world: World, want: Wanted): Promise<void> {
  const { changes } = world;
  expect(await look(want, world.ports())).toMatchObject({ rounds: 1, steps: [], ended: undefined });
  expect(world.changes).toBe(changes);
}
