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

test('a consumer that goes on past the cut is stopped until its group is set back, whoever noticed the cut', async () => {
  const topic = scenario({
    name: 'a source cut back, and a consumer that goes on where it stood',
    records: 3,
    bornAt: 3,
    deliveries: 4,
    consumerStays: true,
    faults: { cutBack: 1, stale: 1 },
  });

  const { violation, lastError, committed, table, ...simulation } = await playUntil(topic, [
    'E0 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 writes HEAD 2',
    'the source is cut back to 1',
    'E0 is invoked with a batch read before',
    'E0 asks the source',
    'E0 asks where an epoch ended',
    'E0 writes HEAD 3',
    'E0 asks the target',
    'E0 InitProducerId',
    'E0 asks for a marker of epoch 2',
    'a marker is written',
    'E0 scans from 3',
    'E0 asks the target where epoch 0 ended',
    'E0 writes HEAD 4',
    'E0 asks the source',
    'E0 asks where an epoch ended',
    'E0 writes HEAD 5',
    'E0 asks the source',
    'E0 compares with the source',
    'E1 is invoked with 2 to 2',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1 compares with the source',
    'E1 asks the source for 1 to 1',
  ]);

  expect(violation).toBeUndefined();
  expect(lastError).toBe('SOURCE_CUT_BACK');
  expect(committed).toBe(2);
  expect(table.head).toMatchObject({ nextSource: 1, replay: { cause: 'source-cut-back', until: 2 } });
  expect(simulation.target.records.filter((id) => id >= 0)).toEqual([0, 1]);
});

test('what the source deleted below the offset that is due is in the ledger, and nobody is stopped', async () => {
  const topic = scenario({
    name: 'a source cut back, then its front deleted',
    records: 5,
    bornAt: 3,
    deliveries: 2,
    consumerStays: true,
    faults: { cutBack: 1, retention: 1 },
  });

  const { violation, committed, table, target } = await play(topic, [
    'E0 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 writes HEAD 2',
    'the source is cut back to 0',
    'the source deletes up to 2',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(6);
  expect(table.head?.replay).toBeUndefined();
  expect(table.ledger).toMatchObject([
    { kind: 'source-divergence', from: 0, to: 2 },
    { kind: 'retention-gap', from: 0, to: 3 },
  ]);
  expect(target.records.filter((id) => id >= 0)).toEqual([0, 1, 8, 9, 10]);
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
