import { expect, test } from 'vitest';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

test('a hole that only a HEAD from memory sees is not taken over for', async () => {
  const topic = scenario({ name: 'two environments by turns', records: 4, bornAt: 3, deliveries: 3 });

  const { violation, takeOvers, committed } = await playUntil(topic, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the source',
    'E1 is invoked with 0 to 1',
    'E0: a request arrives',
    'E0 writes HEAD 2',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1: a request arrives',
    'E1 writes HEAD 3',
    'E0 is invoked with 2 to 3',
    'E0 asks the source',
    'E0 writes HEAD 3',
    'E0 reads HEAD',
    'E0: a request arrives',
    'E0 writes HEAD 4',
  ]);

  expect(violation).toBeUndefined();
  expect(takeOvers).toBe(0);
  expect(committed).toBe(4);
});

test('a producer id is replaced only when followers have all that the old one left', async () => {
  const topic = scenario({
    name: 'a last epoch and followers behind',
    records: 4,
    bornAt: 3,
    lastEpoch: 1,
    deliveries: 4,
    faults: { compaction: 1, pause: 2, lag: 1 },
  });

  const { violation, committed, target } = await play(topic, [
    'E0 is invoked with 0 to 3',
    'the source compacts 0',
    'E1 is invoked with 0 to 3',
    'E1 reads HEAD',
    'E0 reads HEAD',
    'E1 asks the source',
    'E1 writes HEAD 2',
    'E1 asks the target',
    'E0 asks the source',
    'E1 InitProducerId',
    'E0: a request arrives',
    'some time passes',
    'E0: a request arrives, followers lag',
    'E1 writes HEAD 3',
    'E1 is invoked with 0 to 3',
    'some time passes',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1 reads HEAD',
    'E1 asks the target',
    'E1 describes the producer',
    'E1 asks the target where epoch 0 ended',
    'E1 scans from 1',
    'followers catch up',
    'E1 waits 20 ms',
    'E1 asks the target',
    'E1 describes the producer',
    'E1 asks the target where epoch 0 ended',
    'E1 scans from 1',
    'E1 writes HEAD 4',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(4);
  expect(target.records.filter((id) => id >= 0)).toEqual([0, 1, 2, 3]);
});
