import { expect, test } from 'vitest';
import { CommittedRecords } from '../../../shared/adopt/committed-records.ts';
import { batch, marker, transactional } from './batches.ts';

test('records of a transaction count when its marker says so; aborted and open ones never', () => {
  const committed = new CommittedRecords();
  const batches = [
    batch(0, {}),
    transactional(1, 5n),
    transactional(2, 6n),
    transactional(3, 5n),
    marker(4, 6n, 'abort'),
    marker(5, 5n, 'commit'),
    transactional(6, 6n),
    batch(7, {}),
  ];

  const taken = batches.map((each) => committed.take(each).map(({ key }) => key?.toString()));

  expect(taken).toEqual([['k0'], [], [], [], [], ['k1', 'k3'], [], ['k7']]);
});
