import { expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import { encodeCheckpoint } from '../../../../shared/mm2/checkpoint.ts';
import { CheckpointedGroups } from '../../../../shared/status/checkpointed-groups.ts';

let offset = 0;
function checkpoint(group: string, partition: number, at: number, timestamp: number) {
  const offsets = { upstreamOffset: sourceOffset(at), downstreamOffset: targetOffset(at) };
  const of = { group, topic: 'us-east.orders', partition, metadata: '', ...offsets };
  offset += 1;
  return { ...encodeCheckpoint(of), offset, timestamp };
}

test('of each group its partitions and its newest time, whatever else stands in the topic', () => {
  const foreign = { key: Buffer.from('?'), value: Buffer.from('x'), offset: 0, timestamp: 99 };
  const records = [
    foreign,
    checkpoint('billing', 0, 5, 10),
    checkpoint('billing', 1, 7, 30),
    checkpoint('billing', 0, 9, 20),
    checkpoint('audit', 0, 1, 5),
  ];

  const read = new CheckpointedGroups();
  read.take(records);
  expect(read.groups()).toMatchObject([
    {
      group: 'billing',
      at: 30,
      checkpoints: [
        { partition: 0, upstreamOffset: 9 },
        { partition: 1, upstreamOffset: 7 },
      ],
    },
    { group: 'audit', at: 5, checkpoints: [{ partition: 0, upstreamOffset: 1 }] },
  ]);
});
