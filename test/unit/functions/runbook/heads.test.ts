import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { decodeCopiedTo } from '../../../../functions/runbook/heads.ts';
import { encodeHead } from '../../../../shared/adapters/dynamodb/head-item.ts';
import { sourceOffset, targetOffset } from '../../../../shared/flow/offset.ts';
import type { Head } from '../../../../shared/offsets/head.ts';
import { headWith } from '../../offsets/head-with.ts';

const stored = (head: Head) => unmarshall(marshall(encodeHead(head), { removeUndefinedValues: true }));

describe('how far a partition is copied', () => {
  it('is read from HEAD as it is stored', () => {
    const head = headWith({
      producer: { producerId: 4711n, epoch: 3 },
      nextSource: sourceOffset(120),
      nextTarget: targetOffset(130),
      openRun: { source: sourceOffset(100), target: targetOffset(110), length: 20 },
      sparse: true,
      lastTimestamp: 1_700_000_000_000,
    });
    expect(decodeCopiedTo(stored(head))).toEqual({
      ...{ nextSource: 120, nextTarget: 130, producerId: '4711', runStart: 110 },
      ...{ sourceTopicId: 's1', sparse: true, lastTimestamp: 1_700_000_000_000 },
    });
    expect(decodeCopiedTo(stored(headWith()))).toMatchObject({ nextSource: 0, runStart: undefined });
  });

  it('is not guessed where the item is not Causeway’s', () => {
    expect(decodeCopiedTo({ ...stored(headWith()), nextSource: 'many' })).toEqual({ code: 'OFFSET_MAP_CORRUPT' });
  });
});
