import { expect, test } from 'vitest';
import { playUntil } from '../../simulator/play.ts';
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
