import { expect, test } from 'vitest';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

const cut = scenario({
  name: 'a target that loses the end of its log',
  records: 4,
  bornAt: 3,
  chunk: 1,
  deliveries: 4,
  faults: { loseEnd: 1, connection: 1 },
});

/** Records 0 to 2 are copied to offsets 1 to 3 and acknowledged; the target loses those from 2 on. */
const loss = [
  'E0 is invoked with 0 to 2',
  'E0 reads HEAD',
  'E0 asks the source',
  'E0: a request arrives',
  'E0: a request arrives',
  'E0: a request arrives',
  'E0 writes HEAD 2',
  'the target loses its log from 2 on',
];

/** The next record is refused, and the partition taken over: the marker stands where a lost record stood. */
const notice = [
  'E0 is invoked with 3 to 3',
  'E0 asks the source',
  'E0: a request arrives',
  'E0 reads HEAD',
  'E0 asks the target',
  'E0 scans from 4',
  'E0 asks for the bounds',
  'E0 writes HEAD 3',
  'E0 asks the target',
  'E0 InitProducerId',
  'E0 asks for a marker of epoch 2',
  'a marker is written',
  'E0 scans from 4',
  'E0 asks for the bounds',
  'E0 asks the target where epoch 0 ended',
  'E0 reads the runs from 2',
  'E0 scans from 2',
  'E0 asks the target where epoch 0 ended',
  'E0 reads the runs from 2',
  'E0 writes HEAD 4',
  'E0 asks the source for 1 to 2',
];

test('what the target lost is in the ledger with its exact ranges, and the partition waits for the group', async () => {
  const { violation, lastError, committed, table } = await playUntil(cut, [...loss, ...notice]);

  expect(violation).toBeUndefined();
  expect(lastError).toBe('TARGET_CUT_BACK');
  expect(committed).toBe(3);
  expect(table.head).toMatchObject({
    nextSource: 1,
    nextTarget: 3,
    openRun: { source: 0, target: 1, length: 1 },
    replay: { cause: 'target-cut-back', until: 3 },
  });
  expect(table.ledger).toMatchObject([
    { kind: 'target-divergence', from: 1, to: 3, logEnd: 2, nextTarget: 4, lost: [{ from: 1, length: 2 }] },
  ]);
});

test('once the group is set back the lost records are copied again, once and in order', async () => {
  const { violation, committed, table, target } = await play(cut, [...loss, ...notice, 'the group is set back']);

  expect(violation).toBeUndefined();
  expect(committed).toBe(5);
  expect(target.records.filter((id) => id >= 0)).toEqual([0, 1, 2, 3, 4]);
  expect(table.head?.replay).toBeUndefined();
});

test('a lost batch that arrives once more is found by its sequence, and only the rest is copied again', async () => {
  const { violation, table, target } = await play(cut, [
    'E0 is invoked with 0 to 2',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0: a request arrives',
    'E0 loses its connection',
    'E0 waits 50 ms',
    'E0: a request arrives',
    'E0: a request arrives',
    'E0 writes HEAD 2',
    'the target loses its log from 2 on',
    'a late request arrives',
  ]);

  expect(violation).toBeUndefined();
  expect(target.records.filter((id) => id >= 0)).toEqual([0, 1, 2, 3, 4]);
  expect(table.ledger).toMatchObject([{ kind: 'target-divergence', lost: [{ from: 2, length: 1 }] }]);
});
