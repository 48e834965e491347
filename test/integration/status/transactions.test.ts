import { expect, inject, test } from 'vitest';
import { assess } from '../../../shared/status/assess.ts';
import { readFlow } from '../../../shared/status/read-flow.ts';
import { createTopic, uniqueName } from '../kafka/target.ts';
import { TransactionalWriter } from '../kafka/transactions.ts';
import { ReplicatedFlow } from '../translation/replicated-flow.ts';
import { sideOf } from '../translation/scene.ts';

const NO_LIMITS = { records: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };

test('the lag of a source with transactions counts what is committed, and is nothing where all of that is copied', async () => {
  const { clusters, awsEndpoint } = inject('regions');
  const [east, west] = clusters;
  if (!east || !west || awsEndpoint === undefined) throw new Error('two clusters and a table are needed');
  const [source, target] = [sideOf(east), sideOf(west)];
  const topic = await createTopic(source.cluster, { name: uniqueName('orders'), partitions: 2 });
  const ends = { flow: { source: uniqueName('us-east'), target: 'us-west' }, source, target };
  await using flow = await ReplicatedFlow.open({ ...ends, topic, awsEndpoint, groupPrefix: topic });
  await flow.openTopic(2);
  await using writer = await TransactionalWriter.open(east.bootstrapServers, topic);
  const lag = async () => {
    const { records, seconds, topics } = assess(await readFlow(flow.statusPorts(), { watches: false }), NO_LIMITS, 0);
    return { records, seconds, problems: topics.flatMap(({ problems }) => problems) };
  };
  const LEVEL = { records: 0, seconds: 0, problems: [] };

  await writer.write(3, 'plain');
  const committed = await writer.write(2, 'commit', { partition: 1 });
  await flow.replicate(
    new Map([
      [0, 2],
      [1, committed + 1],
    ]),
  );
  expect(await lag(), 'a marker at the end').toEqual(LEVEL);

  await writer.write(4, 'abort');
  expect(await lag(), 'an aborted transaction at the end').toEqual(LEVEL);

  await writer.write(5, 'commit');
  const behind = await lag();
  expect(behind, 'behind what was aborted, with its own marker').toMatchObject({ records: 6, problems: [] });
  expect(behind.seconds).toBeLessThan(60);

  await flow.replicate(new Map([[0, 12]]));
  expect(await lag(), 'everything copied').toEqual(LEVEL);

  await writer.write(2, 'open', { partition: 1 });
  expect(await lag(), 'an open transaction').toEqual(LEVEL);
  await Promise.all([source, target].map(({ cluster }) => cluster.close()));
});
