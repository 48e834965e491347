import { expect, test } from 'vitest';
import { HeadMemory } from '../../../shared/append/memory.ts';
import { play } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';
import { headWith } from '../offsets/head-with.ts';

const head = headWith({ fresh: true });

test('nothing is sent, not even again, under a HEAD that has grown old while sending', async () => {
  const topic = scenario({ name: 'one record', records: 1, bornAt: 3, faults: { transient: 1, pause: 1 } });

  const { violation, committed, trace } = await play(topic, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: NOT_ENOUGH_REPLICAS',
    'some time passes',
    'E0 waits 50 ms',
    'E0 reads HEAD',
    'E0: a request arrives',
    'E0 writes HEAD 2',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(1);
  expect(trace?.filter((line) => line.startsWith('E0 sends'))).toHaveLength(2);
});

test('a remembered HEAD is as old as the request that asked for it', () => {
  const memory = new HeadMemory();

  memory.keep(undefined, 1_000);

  expect(memory.asOf).toBe(1_000);
  expect(memory.recall(1_501, 500)).toBeUndefined();
});

test('a remembered HEAD counts as old when the clock was set back since', () => {
  const memory = new HeadMemory();
  memory.keep(head, 10_000);

  expect(memory.recall(9_999, 500)).toBeUndefined();
  expect(memory.recall(10_500, 500)).toBe(head);
});
