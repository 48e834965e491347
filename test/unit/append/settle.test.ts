import { expect, test } from 'vitest';
import { play, playUntil } from '../../simulator/play.ts';
import { scenario } from '../../simulator/scenario.ts';

test('an invocation that settles while another one goes on reads HEAD again, and raises no alarm', async () => {
  const topic = scenario({ name: 'two at once on a compacted topic', settings: { initialGrant: 'closed' } });

  const { violation, lastError, environments } = await playUntil(topic, [
    'E0 is invoked with 0 to 2',
    'E0 reads HEAD',
    'E0 asks the target',
    'E0 asks the source',
    'E0 asks for the bounds',
    'E0 compares with the source',
    'E0 InitProducerId',
    'E1 is invoked with 0 to 2',
    'E0 writes HEAD 1',
    'E0 asks the source',
    'E0 compares with the source',
    'E0 writes HEAD 2',
    'E1 reads HEAD',
    'E0: a request arrives',
    'E0 writes HEAD 3',
    'E1 asks the source',
    'E1 compares with the source',
    'E0 writes HEAD 4',
    'E1 asks the target',
    'E0: a request arrives',
    'E1 scans from 0',
    'E1 reads HEAD',
  ]);

  expect(violation).toBeUndefined();
  expect(lastError).toBeUndefined();
  expect(environments[1]?.invocation, 'E1 goes on by the HEAD that E0 wrote').toBeDefined();
});

test('a new leader that still tells an older high watermark is no divergence', async () => {
  const topic = scenario({
    name: 'a leader fails with a batch that its followers do not have',
    records: 2,
    bornAt: 3,
    chunk: 1,
    settings: { initialGrant: 'closed' },
    faults: { lag: 1, leader: 1 },
  });

  const { violation, committed } = await play(topic, [
    'E0 is invoked with 0 to 0',
    'E0 reads HEAD',
    'E0 asks the source',
    'E0 writes HEAD 2',
    'E1 is invoked with 0 to 1',
    'E0: a request arrives, followers lag',
    'the leader fails',
    'E1 reads HEAD',
    'E1 asks the source',
    'E1 asks the target',
    'E1 scans from 1',
  ]);

  expect(violation).toBeUndefined();
  expect(committed).toBe(2);
});
