import { expect, test } from 'vitest';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

const oneOldRecord = scenario({
  name: 'one old record, and a broker that forgets its sender',
  records: 2,
  bornAt: 3,
  chunk: 1,
  old: [1],
  faults: { expiry: 1 },
});

test('old records wait until everything sent without a lease has arrived or is lost', async () => {
  const { violation, lastError, table } = await playUntil(oneOldRecord, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E1 is invoked with 0 to 1',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1 writes HEAD 2',
  ]);

  expect(violation).toBeUndefined();
  expect(lastError).toBe('OLD_RECORDS_WAIT');
  expect(table.head?.lease?.until).toBeGreaterThanOrEqual(1_000_000_000 + 30_000 + 60_000);
});

test('a lease whose answer was lost is settled under before anything is sent', async () => {
  const topic = scenario({
    name: 'only old records',
    records: 2,
    chunk: 1,
    old: [0, 1],
    faults: { expiry: 1, storeAnswer: 1 },
  });

  const { violation, committed, target } = await play(topic, [
    'E0 is invoked with 0 to 1',
    'E0 reads HEAD',
    'E0 asks the target',
    'E0 asks the source',
    'E0 asks for the bounds',
    'E0 compares with the source',
    'E0 InitProducerId',
    'E0 writes HEAD 1',
    'E0 asks the source',
    'E0 compares with the source',
    'E0 writes HEAD 2: the answer is lost',
    'E0 reads HEAD',
    'E0 asks the target',
    'E0 scans from 0',
    'E0 describes the producer',
    'E0: a request arrives',
    'E0 writes HEAD 3',
    'the broker forgets old producers',
    'E0: a request arrives',
    'E0 writes HEAD 4',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(2);
  expect(target.records).toEqual([0, 1]);
});
