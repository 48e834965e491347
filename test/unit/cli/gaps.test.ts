import { describe, expect, test } from 'vitest';
import { gapsAnswer } from '../../../shared/cli/commands/gaps.ts';
import type { FlowGaps } from '../../../shared/cli/gaps/read-gaps.ts';
import { UNSTYLED } from '../../../shared/cli/terminal/page.ts';
import { CausewayError } from '../../../shared/flow/errors.ts';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { TopicNotInFlowError } from '../../../shared/ledger/asked-topics.ts';
import type { LedgerEntry } from '../../../shared/ledger/entry.ts';

class Unreachable extends CausewayError {
  readonly code = 'AWS_CALL_FAILED';
  readonly retriable = true;
  constructor() {
    super('the table does not answer', { safe: 'Nothing was changed.', next: 'Look at credentials.' });
  }
}

const AT = Date.UTC(2026, 2, 1, 12);
const lost: LedgerEntry = { kind: 'retention-gap', from: sourceOffset(40), to: sourceOffset(90), at: AT };

function flow(...entries: LedgerEntry[]): FlowGaps {
  const partition = { flow: { source: 'us-east', target: 'us-west' }, topic: 'orders', remoteTopic: 'us-east.orders' };
  return {
    flow: 'us-east->us-west',
    topics: 1,
    gaps: entries.map((entry) => ({ partition: { ...partition, partition: 3, generation: 1 }, entry })),
  };
}

const textOf = (entries: readonly LedgerEntry[], all = false) => gapsAnswer([flow(...entries)], all).text(UNSTYLED);

describe('gaps', () => {
  test('says that nothing is missing', () => {
    const answer = gapsAnswer([flow()], false);

    expect(answer.exitCode).toBe(0);
    expect(answer.text(UNSTYLED)).toBe('us-east->us-west  nothing is missing');
  });

  test('does not say so of a flow that has no topic', () => {
    const answer = gapsAnswer([{ ...flow(), topics: 0 }], false);

    expect(answer.exitCode).toBe(1);
    expect(answer.text(UNSTYLED)).toBe('us-east->us-west  nothing is replicated yet: it has no topic');
  });

  test('leaves out a flow that does not have the topic, where another one does', () => {
    const id = { source: 'us-west', target: 'us-east' };
    const stranger = { flow: 'us-west->us-east', failure: new TopicNotInFlowError(id, 'orders') };

    const answer = gapsAnswer([flow(), stranger], false);

    expect(answer).toMatchObject({ exitCode: 0, json: { failures: [] } });
    expect(answer.text(UNSTYLED)).toBe('us-east->us-west  nothing is missing');
    expect(() => gapsAnswer([stranger], false)).toThrow(stranger.failure);
  });

  test('names partition, offsets, time, cause and what can be done', () => {
    expect(gapsAnswer([flow(lost)], false).exitCode).toBe(1);
    const text = textOf([lost]);

    expect(text).toContain('us-east->us-west  1 range in the gap ledger');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'orders-3 offsets 40 to 89, 50 offsets: deleted at the source before they were copied found 2026-03-01T12:00:00.000Z',
    );
    expect(text).toContain('longer retention');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('leaves a place that is to be copied whole', () => {
    const location = `dynamodb://causeway-us-east-to-us-west-offset-map/QUARANTINE#us-east->us-west#orders#3#1#40`;
    expect(textOf([{ ...lost, kind: 'quarantine', to: sourceOffset(41), location }])).toContain(location);
  });

  test('says of a record that was set aside where it was written since', () => {
    const entry: LedgerEntry = { ...lost, kind: 'quarantine', to: sourceOffset(41), location: 'dynamodb://table/key' };
    const repair = { topic: 'orders.set-aside', partition: 0, offset: 17, at: AT };
    const found = flow(entry);
    const gaps = found.gaps.map((gap) => ({ ...gap, repairs: [repair] }));
    const answer = gapsAnswer([{ ...found, gaps }], false);

    expect(answer.exitCode).toBe(1);
    const text = answer.text(UNSTYLED);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'repaired to orders.set-aside-0 at offset 17, 2026-03-01T12:00:00.000Z',
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const repairs = [{ ...repair, at: '2026-03-01T12:00:00.000Z' }];
    expect(answer.json).toMatchObject({ flows: [{ gaps: [{ kind: 'quarantine', from: 40, repairs }] }] });
  });

  test('says of a target that lost its end where that was', () => {
    const places = {
      logEnd: targetOffset(7),
      nextTarget: targetOffset(9),
      lost: [{ from: sourceOffset(40), length: 2 }],
    };
    expect(textOf([{ ...lost, kind: 'target-divergence', ...places }])).toContain('the copy ended at 7 and not at 9');
  });

  test('shows the 20 newest, and how many there are, unless all are asked for', () => {
    const many = Array.from({ length: 23 }, (_, i) => ({ ...lost, at: AT - i }));

    expect(textOf(many)).toContain('and 3 more');
    expect(textOf(many).match(/offsets 40 to 89/g)).toHaveLength(20);
    expect(textOf(many, true).match(/offsets 40 to 89/g)).toHaveLength(23);
  });

  test('gives programs the same', () => {
    expect(gapsAnswer([flow(lost)], false).json).toEqual({
      flows: [
        {
          ...{ flow: 'us-east->us-west', topics: 1 },
          gaps: [
            {
              ...{ topic: 'orders', remoteTopic: 'us-east.orders', partition: 3, generation: 1 },
              ...{ kind: 'retention-gap', from: 40, to: 90, at: '2026-03-01T12:00:00.000Z' },
            },
          ],
        },
      ],
      failures: [],
    });
  });

  test('tells what is known of one flow where another cannot be asked', () => {
    const answer = gapsAnswer([flow(), { flow: 'us-west->us-east', failure: new Unreachable() }], false);

    expect(answer.exitCode).toBe(1);
    expect(answer.text(UNSTYLED)).toMatch(/nothing is missing\s+us-west->us-east\s+[\s\S]*the table does not answer/);
  });
});
