import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { placeOf, type ReplicatedPartition } from '../../../shared/groups/place.ts';
import type { Translation } from '../../../shared/groups/translation.ts';
import { copiedPartitions, pairsOf, translate } from './copied-partition.ts';

function logs(source: readonly [number, number] | undefined, target: readonly [number, number]): ReplicatedPartition {
  return {
    remoteTopic: 'us-east.orders',
    source: source && { logStart: sourceOffset(source[0]), logEnd: sourceOffset(source[1]) },
    target: { logStart: targetOffset(target[0]), logEnd: targetOffset(target[1]) },
  };
}

const exact = (offset: number) => ({ kind: 'exact', offset: targetOffset(offset) }) as const;
const tooOld = (source: number, target: number): Translation<ReturnType<typeof targetOffset>> => ({
  kind: 'too-old',
  nearest: { source: sourceOffset(source), target: targetOffset(target) },
});

describe('the place of a group on the target', () => {
  test('has every consumed record before it and every other one at or after it, inside the log', () => {
    fc.assert(
      fc.property(copiedPartitions, fc.nat(40), (copied, asked) => {
        const { runs, logs } = copied;
        const place = placeOf(sourceOffset(asked), translate(copied, asked), logs);
        if (place.kind === 'left-out') {
          expect(asked).toBeGreaterThan(logs.source?.logEnd ?? Number.POSITIVE_INFINITY);
          return;
        }
        expect(place.offset).toBeGreaterThanOrEqual(logs.target.logStart);
        expect(place.offset).toBeLessThanOrEqual(logs.target.logEnd);
        for (const { source, target } of pairsOf(runs)) {
          if (source < asked) expect(target).toBeLessThan(place.offset);
          else if (target >= logs.target.logStart) expect(target).toBeGreaterThanOrEqual(place.offset);
        }
      }),
    );
  });

  test('says how far the group is ahead of the copy', () => {
    fc.assert(
      fc.property(copiedPartitions, fc.nat(40), (copied, asked) => {
        const place = placeOf(sourceOffset(asked), translate(copied, asked), { ...copied.logs, source: undefined });
        expect(place).toMatchObject({ beyond: Math.max(0, asked - copied.frontier.nextSource) });
      }),
    );
  });

  it('is where replication goes on, for a group that has read all there is', () => {
    const found = { kind: 'clamped', offset: targetOffset(101), beyond: 0 } as const;
    expect(placeOf(sourceOffset(100), found, logs([0, 100], [0, 101]))).toEqual({
      kind: 'place',
      offset: 101,
      beyond: 0,
    });
  });

  it('is the log start when retention has taken the record it would be at', () => {
    expect(placeOf(sourceOffset(5), exact(5), logs([0, 90], [40, 90]))).toMatchObject({ offset: 40 });
  });

  it('is none for an offset past the end of the source’s log, whatever the map says', () => {
    const place = placeOf(sourceOffset(91), exact(91), logs([0, 90], [0, 95]));
    expect(place).toEqual({
      kind: 'left-out',
      reason: 'source-offset-past-log-end',
      detail: 'offset 91, log end 90',
    });
  });

  it('is found by the map alone when the source does not answer', () => {
    expect(placeOf(sourceOffset(91), exact(91), logs(undefined, [0, 95]))).toMatchObject({ offset: 91 });
  });

  it('is found below the source’s log start too', () => {
    expect(placeOf(sourceOffset(5), exact(5), logs([50, 90], [0, 90]))).toMatchObject({ offset: 5 });
  });

  it('is none past the end of the target’s log', () => {
    expect(placeOf(sourceOffset(91), exact(91), logs([0, 95], [0, 90]))).toMatchObject({
      reason: 'past-target-log-end',
    });
  });

  it('is none for an offset older than the map, which names the nearest', () => {
    expect(placeOf(sourceOffset(5), tooOld(50, 48), logs([0, 95], [47, 90]))).toEqual({
      kind: 'left-out',
      reason: 'older-than-map',
      detail: 'nearest: 50 is 48 on the target',
    });
  });

  it('is the log start when everything that the map has forgotten has left the target too', () => {
    expect(placeOf(sourceOffset(5), tooOld(50, 48), logs([0, 95], [48, 90]))).toMatchObject({ offset: 48 });
    expect(placeOf(sourceOffset(5), tooOld(50, 48), logs([0, 95], [60, 90]))).toMatchObject({ offset: 60 });
  });

  it('is none where nothing was copied, unless there is nothing to copy', () => {
    const unmapped = { kind: 'unmapped' } as const;
    expect(placeOf(sourceOffset(5), unmapped, logs([0, 9], [0, 0]))).toMatchObject({ reason: 'nothing-replicated' });
    expect(placeOf(sourceOffset(9), unmapped, logs([9, 9], [0, 0]))).toMatchObject({ kind: 'place', offset: 0 });
    expect(placeOf(sourceOffset(9), unmapped, logs([9, 9], [0, 3]))).toMatchObject({ reason: 'nothing-replicated' });
    expect(placeOf(sourceOffset(9), unmapped, logs(undefined, [0, 0]))).toMatchObject({ reason: 'nothing-replicated' });
  });

  it('is none while the map cannot be read', () => {
    const unreadable = { kind: 'unreadable', code: 'OFFSET_MAP_CORRUPT' } as const;
    expect(placeOf(sourceOffset(5), unreadable, logs([0, 9], [0, 9]))).toMatchObject({
      reason: 'map-unreadable',
      detail: 'OFFSET_MAP_CORRUPT',
    });
  });
});
