import { expect, test } from 'vitest';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

const cut = scenario({ name: 'a source cut back', records: 3, bornAt: 3, faults: { cutBack: 1, timeOut: 1 } });

test('a delivery read before the source log was cut back begins no offset map', async () => {
  const topic = scenario({ name: 'a source cut back at the start', records: 2, faults: { cutBack: 1 } });

  const { violation, lastError, table, target } = await playUntil(topic, [
    'E0 is invoked with 0 to 1',
    'the source is cut back to 1',
    'E0 reads HEAD',
    'E0 asks the target',
    'E0 asks the source',
    'E0 asks for the bounds',
    'E0 compares with the source',
  ]);

  expect(violation).toBeUndefined();
  expect(lastError).toBe('DELIVERY_OUTDATED');
  expect(table.head).toBeUndefined();
  expect(target.records).toEqual([]);
});

test('what a former leader held and may still arrive is fenced before other records get its sequences', async () => {
  const { violation, committed, target, takeOvers } = await play(cut, [
    'E0 is invoked with 0 to 2',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'the source is cut back to 2',
    'the time of E0 runs out',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(4);
  expect(takeOvers).toBe(1);
  expect(target.records.filter((id) => id >= 0)).toEqual([0, 1, 3, 4]);
});

test('a leader change costs no take-over as long as no record of the new leader comes', async () => {
  const topic = scenario({ name: 'another leader', records: 3, bornAt: 3, faults: { sourceLeader: 1 } });

  const { violation, committed, takeOvers } = await play(topic, [
    'the source partition changes its leader',
    'E0 is invoked with 0 to 2',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(3);
  expect(takeOvers).toBe(0);
});
