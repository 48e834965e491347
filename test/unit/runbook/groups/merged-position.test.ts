import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergedPosition } from '../../../../shared/runbook/groups/merged-position.ts';
import { SharedTopic, type Step } from './shared-topic.ts';

const steps = fc.array(
  fc.constantFrom<Step>('write-from', 'write-to', 'marker-from', 'marker-to', 'copy-forward', 'copy-backward'),
  { maxLength: 60 },
);

function positionIn(topic: SharedTopic, offset: number) {
  const log = { logStart: 0, logEnd: topic.logs.to.length };
  const { forward, copiesFrom } = topic;
  const position = mergedPosition({
    copies: topic.copies(offset),
    own: topic.own(offset),
    copiesEnd: forward.pairs.length === 0 ? undefined : forward.nextTarget,
    copiesFrom,
    log,
  });
  if (position.kind !== 'position') throw new Error(`left out: ${position.reason}`);
  return position;
}

describe('the position of a group in a topic that both clusters write to', () => {
  it('never lies behind a record that the group has not consumed, and tells how many it reads twice at most', () => {
    fc.assert(
      fc.property(steps, fc.nat(), fc.constantFrom('first-look', 'first-copy'), (taken, at, mapBegins) => {
        const topic = new SharedTopic(mapBegins).take(taken);
        const offset = at % (topic.logs.from.length + 1);
        const unread = topic.unread(offset);

        const position = positionIn(topic, offset);

        expect(Math.min(...unread, topic.logs.to.length)).toBeGreaterThanOrEqual(position.offset);
        const again = topic.records().filter((each) => each >= position.offset && !unread.includes(each));
        expect(again.length).toBeLessThanOrEqual(position.readTwice);
      }),
    );
  });

  it('is that of the first record not consumed wherever both flows have copied everything', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (taken, at) => {
        const topic = new SharedTopic().take(taken).drain();
        const offset = at % (topic.logs.from.length + 1);
        const [first] = topic.unread(offset);

        const { offset: found } = positionIn(topic, offset);

        const passedOver = topic.records().filter((each) => each >= found && each < (first ?? topic.logs.to.length));
        expect(first === undefined ? [] : passedOver).toEqual([]);
      }),
    );
  });

  it('reads nothing twice after a drained switchover of a group that has caught up', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const topic = new SharedTopic().take(taken).drain();
        const { offset, readTwice } = positionIn(topic, topic.logs.from.length);
        expect(topic.records().filter((each) => each >= offset)).toEqual([]);
        expect(readTwice).toBe(0);
      }),
    );
  });

  it('passes over copies at the end that the flow back has not looked at yet', () => {
    const topic = new SharedTopic().take(['write-to', 'copy-backward', 'write-from', 'write-from']);
    topic.take(['copy-forward', 'copy-forward', 'copy-forward']);
    expect(positionIn(topic, 3)).toEqual({ kind: 'position', offset: 3, readTwice: 0, beyond: 0 });
  });

  it('is the start of the log where nothing came from the other cluster and its own records were not copied', () => {
    const topic = new SharedTopic().take(['write-to', 'write-to']);
    expect(positionIn(topic, 0)).toEqual({ kind: 'position', offset: 0, readTwice: 0, beyond: 0 });
  });

  const log = { logStart: 10, logEnd: 20 };
  const at = (offset: number) => ({ kind: 'exact', offset }) as const;

  it('is not guessed where one of the maps does not answer, or has forgotten too much', () => {
    const shared = { copiesEnd: 15, copiesFrom: 12, log };
    const unreadable = { kind: 'unreadable', code: 'OFFSET_MAP_THROTTLED' } as const;
    const old = { kind: 'too-old', nearest: { from: 3, to: 12 } } as const;
    expect(mergedPosition({ ...shared, copies: at(12), own: unreadable })).toMatchObject({
      reason: 'map-unreadable',
      detail: 'OFFSET_MAP_THROTTLED',
    });
    expect(mergedPosition({ ...shared, copies: old, own: at(12) })).toMatchObject({ reason: 'older-than-map' });
    expect(mergedPosition({ ...shared, copies: { ...old, nearest: { from: 3, to: 10 } }, own: at(12) })).toMatchObject({
      offset: 10,
    });
  });

  it('lies within the log', () => {
    const shared = { copiesEnd: 25, copiesFrom: 12, log };
    expect(mergedPosition({ ...shared, copies: at(24), own: at(22) })).toMatchObject({ reason: 'past-target-log-end' });
    expect(mergedPosition({ ...shared, copies: at(3), own: at(12) })).toMatchObject({ offset: 10, readTwice: 2 });
  });
});
