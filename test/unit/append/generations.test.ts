import { expect, test } from 'vitest';
import { Attempt } from '../../../shared/append/attempt.ts';
import { createHead } from '../../../shared/append/create.ts';
import { HeadMemory } from '../../../shared/append/memory.ts';
import type { HeadWrite } from '../../../shared/append/ports.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import type { Head } from '../../../shared/offsets/head.ts';
import { contextOf } from '../../simulator/ports.ts';
import { scenario } from '../../simulator/scenario.ts';
import { Simulation } from '../../simulator/simulation.ts';

/** Begins generation 3 of a partition whose remote topic holds 5 records; generation 1 was copied into `copiedInto`. */
async function begin(copiedInto: string): Promise<{ outcome: string; written: HeadWrite[] }> {
  const simulation = new Simulation(scenario({ name: 'generations', records: 1 }));
  const [environment] = simulation.environments;
  if (!environment) throw new Error('no environment');
  const { target, source, partition, ...others } = contextOf(simulation, environment, simulation.settings);
  const written: HeadWrite[] = [];
  const context = {
    ...others,
    partition: { ...partition, generation: 3 },
    source: { ...source, state: async () => ({ topicId: 'source-3', leaderEpoch: 0 }), holds: async () => true },
    target: {
      ...target,
      topicId: async () => 'target-1',
      bounds: async () => ({ logStart: targetOffset(0), highWatermark: targetOffset(5) }),
      initProducer: async () => ({ producerId: 9n, epoch: 0 }),
    },
    heads: {
      read: async ({ generation }: FlowPartition) => (generation === 1 ? headOf(copiedInto) : undefined),
      runsFrom: async () => [],
      write: async (_: FlowPartition, _expected: number, write: HeadWrite) => {
        written.push(write);
        return 'written' as const;
      },
    },
  };
  const [record] = simulation.source.entries;
  const delivery = {
    records: record ? [record] : [],
    firstOffset: 0,
    deadline: simulation.now + 60_000,
    invocation: 'i',
  };
  const outcome = await createHead(new Attempt(context, delivery, new HeadMemory())).then(
    () => 'begun',
    (error: { readonly code: string }) => error.code,
  );
  return { outcome, written };
}

function headOf(targetTopicId: string): Head {
  const simulation = new Simulation(scenario({ name: 'in use', records: 1, bornAt: 3 }));
  if (!simulation.table.head) throw new Error('no HEAD');
  return { ...simulation.table.head, targetTopicId };
}

test('a remote topic that an earlier generation was copied into is gone on with at its end', async () => {
  const { outcome, written } = await begin('target-1');

  expect(outcome).toBe('begun');
  expect(written[0]?.head).toMatchObject({ sourceTopicId: 'source-3', nextTarget: 5 });
});

test('a remote topic that was made anew has to be empty, whatever the generation', async () => {
  const { outcome, written } = await begin('target-0');

  expect(outcome).toBe('TARGET_NOT_EMPTY');
  expect(written).toEqual([]);
});
