import { expect, test } from 'vitest';
import { playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

test('of two environments that begin a partition at once, the one that writes HEAD second sends under that of the first', async () => {
  const topic = scenario({ name: 'a new partition', records: 2, chunk: 1 });
  const begin = (name: string) => [
    `${name} asks the target`,
    `${name} asks the source`,
    `${name} asks for the bounds`,
    `${name} compares with the source`,
    `${name} InitProducerId`,
  ];

  const { violation, committed, table, target, trace } = await playUntil(topic, [
    'E0 is invoked with 0 to 1',
    'E1 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E1 reads HEAD',
    ...begin('E0'),
    ...begin('E1'),
    'E0 writes HEAD 1',
    'E1 writes HEAD 1',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1 compares with the source',
    'E1: a request arrives',
    'E1 writes HEAD 2',
    'E1: a request arrives',
    'E1 writes HEAD 3',
  ]);

  expect(violation).toBeUndefined();
  expect(trace).toContain('  conflict: 1/1 seq 0 source 0 target 0 open');
  expect(table.head?.producer).toEqual({ producerId: 1n, epoch: 0 });
  expect(target.records).toEqual([0, 1]);
  expect(committed).toBe(2);
});
