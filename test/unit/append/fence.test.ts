import { expect, test } from 'vitest';
import { PartitionAppender } from '../../../shared/append/append.ts';
import { playUntil } from '../../simulator/play.ts';
import { contextOf } from '../../simulator/ports.ts';
import { scenario } from '../../simulator/scenario.ts';
import { Simulation } from '../../simulator/simulation.ts';

test('a fence settles what landed, refuses what is late, and asks nothing of the source', async () => {
  const topic = scenario({
    name: 'a batch on its way, and a runbook',
    records: 2,
    bornAt: 3,
    chunk: 1,
    faults: { fence: 1, connection: 1 },
  });

  const { violation, table, trace, takeOvers } = await playUntil(topic, [
    'E0 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 loses its connection',
    'E1 is asked to fence the partition',
    'E1 reads HEAD',
    'E1 writes HEAD 2',
    'E1 asks the target',
    'E1 InitProducerId',
    'E1 asks for a marker of epoch 2',
    'a marker is written',
    'a late request arrives',
    'E1 scans from 1',
    'E1 asks the target where epoch 0 ended',
    'E1 writes HEAD 3',
  ]);

  expect(violation).toBeUndefined();
  expect(takeOvers).toBe(1);
  expect(trace).toContain('  broker: records 1 at sequence 4 of 1/1 INVALID_PRODUCER_EPOCH');
  expect(trace).toContain('E1 answers fenced');
  expect(table.head).toMatchObject({ producer: { epoch: 2 }, nextSource: 1, nextTarget: 3, grant: { kind: 'closed' } });
});

test('a partition that was never appended to has nothing to fence', async () => {
  const simulation = new Simulation(scenario({ name: 'an untouched partition', records: 1 }));
  const [environment] = simulation.environments;
  if (!environment) throw new Error('no environment');
  const appender = new PartitionAppender(contextOf(simulation, environment, simulation.settings));

  const fenced = appender.fence({ deadline: simulation.now + 10_000, invocation: 'runbook' });
  await simulation.settle();
  environment.calls[0]?.answer(undefined);

  expect(await fenced).toEqual({ kind: 'not-begun' });
});

test('a producer that was not renewed for longer than the settings say is, once, before the next batch', async () => {
  const topic = scenario({
    name: 'a partition that was idle',
    records: 2,
    bornAt: 3,
    settings: { producerRenewalMs: 300_000 },
    faults: { pause: 1 },
  });

  const { violation, takeOvers, committed, table, trace } = await playUntil(topic, [
    'much time passes',
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0 writes HEAD 2',
    'E0 asks the target',
    'E0 InitProducerId',
    'E0 asks for a marker of epoch 2',
    'a marker is written',
    'E0 scans from 1',
    'E0 asks the target where epoch 0 ended',
    'E0 writes HEAD 3',
    'E0 writes HEAD 4',
    'E0: a request arrives',
    'E0 writes HEAD 5',
    'E1 is invoked with 1 to 1',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1: a request arrives',
    'E1 writes HEAD 6',
  ]);

  expect(violation).toBeUndefined();
  expect(trace).toContain('E0 takes over: renewal');
  expect(takeOvers).toBe(1);
  expect(committed).toBe(2);
  expect(table.head?.renewedAt).toBeGreaterThan(1_000_000_000 + 300_000);
});
