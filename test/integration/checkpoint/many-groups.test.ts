import { expect, onTestFinished, test, vi } from 'vitest';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import { connect, eventually } from '../kafka/target.ts';
import { CopiedFlow, inWords } from './copied-flow.ts';

vi.setConfig({ testTimeout: 300_000 });

const GROUPS = 2_000;
const LANES = 4;

test('two thousand groups that all go on are all set, in one tick or more, and none is called refused', async () => {
  const flow = await CopiedFlow.start();
  const lanes = Array.from({ length: LANES - 1 }, () => connect(flow.eastServers, { alias: 'us-east' }));
  onTestFinished(async () => {
    await Promise.all([flow[Symbol.asyncDispose](), ...lanes.map((lane) => lane.close())]);
  });
  const names = Array.from({ length: GROUPS }, (_, i) => flow.group(`g${i}`));
  const source = new ConsumerGroups<number>(flow.east, { toOffset: Number, timeoutMs: 120_000, lanes });
  const offsets = [{ topic: flow.topic, partition: 0, offset: targetOffset(60), metadata: '' }];
  await flow.commitOnSource('g0', 60);
  const committed = await source.commit(new Map(names.map((name) => [name, offsets])));
  expect([...committed.values()].flat().filter(({ kind }) => kind !== 'committed')).toEqual([]);
  const { ticker } = flow.begin('sync.group.offsets.interval.seconds = 15', 'emit.checkpoints.interval.seconds = 15');

  const reasons = new Set<string>();
  await eventually(
    async () => {
      const said = inWords(flow, await ticker.tick(true)).map((line) => line.slice(line.indexOf(': ') + 2));
      for (const each of said) reasons.add(each);
      return said.filter((each) => each === 'unchanged').length;
    },
    (unchanged) => unchanged === GROUPS,
    180_000,
  );

  expect(reasons).toContain('none to 50');
  expect(reasons).not.toContain('refused-by-target');
  const told = await flow.target.committed(names);
  const found = [...told.values()].map((of) => (isTold(of) ? of.get(flow.remoteTopic)?.get(0) : of));
  expect(found.filter((each) => each && isTold(each) && each.offset === 50)).toHaveLength(GROUPS);
  expect((await flow.checkpoints()).latest).toHaveLength(GROUPS);
});
