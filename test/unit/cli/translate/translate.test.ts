import { describe, expect, test } from 'vitest';
import { type TranslateResponse, translateResponse } from '../../../../functions/translate/response.ts';
import { askDeployed } from '../../../../shared/cli/ask-deployed.ts';
import { translateAnswer } from '../../../../shared/cli/commands/translate.ts';
import { AwsCallError } from '../../../../shared/cli/deployment-errors.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { type Answer, recordedLambda } from '../../adapters/lambda/recorded-lambda.ts';
import { causeway, properties } from '../command-line.ts';

const FUNCTION = {
  flow: 'us-east->us-west',
  name: 'causeway-us-east-to-us-west-translate',
  region: 'us-west-2',
  half: 'target',
} as const;
const OFFSET = {
  flow: 'us-east->us-west',
  direction: 'forward',
  from: { cluster: 'us-east', topic: 'orders', partition: 3, offset: 152_345 },
  to: { cluster: 'us-west', topic: 'us-east.orders', partition: 3, offset: 152_001 },
  exact: true,
  beyond: 0,
} as const;
const GROUP: TranslateResponse = {
  flow: 'us-east->us-west',
  direction: 'forward',
  group: 'billing',
  offsetsFrom: { kind: 'cluster' },
  partitions: [
    { ...OFFSET, from: { ...OFFSET.from, partition: 0, offset: 7 }, to: { ...OFFSET.to, partition: 0, offset: 7 } },
    OFFSET,
  ],
  untranslated: [],
  otherTopics: [],
};
const fault = (code: string) => ({
  error: { code, status: 404, what: 'what happened', safe: 'safe', next: 'what to do', retriable: false },
});
const told = (answer: TranslateResponse, flow = 'us-east->us-west') => ({ flow, answer });
const text = (...answers: Parameters<typeof translateAnswer>[0]) => translateAnswer(answers).text(UNSTYLED);

describe('the command line', () => {
  test.each([
    [['translate'], 'nothing was asked'],
    [['translate', 'orders'], 'translate takes no orders'],
    [['translate', '--topic', 'orders', '--partition', '3'], '--offset is missing'],
    [['translate', '--topic', 'orders', '--offset', '3'], '--partition is missing'],
    [['translate', '--topic', 'orders', '--partition', '3', '--offset', 'end'], '--offset end is no whole number'],
    [['translate', '--topic', 'orders', '--partition', '0', '--offset=-5'], '--offset -5 is no whole number'],
    [['translate', '--group', 'billing', '--topic', 'orders'], 'not both'],
  ])('%j is refused: %s', async (args, message) => {
    const { exitCode, err } = await causeway(args, properties('topics = orders'));

    expect({ exitCode, err: err.replace(/\s+/g, ' ') }).toEqual({ exitCode: 2, err: expect.stringContaining(message) });
  });

  test('of a flow whose target region nobody gave says which line is missing', async () => {
    const { exitCode, err } = await causeway(['translate', '--group', 'billing'], properties('topics = orders'));

    expect(exitCode).toBe(3);
    expect(err).toContain('us-west.causeway.region');
  });
});

describe('the deployed function', () => {
  const ask = async (answer: Answer) => {
    await using lambda = await recordedLambda(() => answer);
    const request = { group: 'billing', direction: 'backward' } as const;
    return {
      answer: await askDeployed(lambda.client, FUNCTION, request, translateResponse),
      requests: lambda.requests,
    };
  };

  test('is asked by its name, in its own words', async () => {
    const { answer, requests } = await ask({ body: GROUP });

    expect(answer).toEqual(GROUP);
    expect(requests.map(({ path, body }) => [path, body])).toEqual([
      [`/2015-03-31/functions/${FUNCTION.name}/invocations`, { group: 'billing', direction: 'backward' }],
    ]);
  });

  test.each([
    ['is not there', { status: 404, error: 'ResourceNotFoundException' }, 'FLOW_NOT_DEPLOYED', 'target half'],
    ['may not be asked', { status: 403, error: 'AccessDeniedException' }, 'AWS_CALL_FAILED', 'lambda:InvokeFunction'],
    ['answers in words that are not known', { body: { group: 'x' } }, 'FUNCTION_FAILED', 'log'],
  ])('that %s is told so', async (_, answer, code, next) => {
    await expect(ask(answer)).rejects.toMatchObject({ code, next: expect.stringContaining(next) });
  });
});

describe('the answer', () => {
  test('to an offset is its place on both clusters', () => {
    expect(text(told(OFFSET))).toBe(
      [
        'us-east->us-west',
        '  us-east  orders-3  offset 152345',
        '  us-west  us-east.orders-3  offset 152001',
        '  exact    nothing is skipped, nothing is read twice',
      ].join('\n'),
    );
    expect(translateAnswer([told(OFFSET)]).exitCode).toBe(0);
  });

  test('says of an offset that is ahead of the copy by how much, and is a no', () => {
    const ahead = told({ ...OFFSET, exact: false, beyond: 12 });

    expect(text(ahead)).toContain('ahead    by 12 offsets that are not replicated yet');
    expect(translateAnswer([ahead]).exitCode).toBe(1);
  });

  test('to a group is a table, with what has no translation below it, and what to do about it once', () => {
    const { from } = OFFSET;
    const untranslated = [4, 5].map((partition) => {
      return { from: { ...from, partition, offset: 3 }, error: fault('OUT_OF_RANGE').error };
    });
    const answer = told({ ...GROUP, untranslated, otherTopics: ['clicks'] });

    expect(text(answer)).toBe(
      [
        'us-east->us-west  billing: 2 of 4 partitions translated',
        '  orders-0       7  us-east.orders-0       7',
        '  orders-3  152345  us-east.orders-3  152001',
        '  orders-4  3  OUT_OF_RANGE',
        '            what happened',
        '  orders-5  3  OUT_OF_RANGE',
        '            what happened',
        '            what to do',
        '  note  not replicated by this flow: clicks',
      ].join('\n'),
    );
    expect(translateAnswer([answer]).exitCode).toBe(1);
    expect(translateAnswer([told(GROUP)]).exitCode).toBe(0);
  });

  test('says first when a group is translated by its last checkpoints, and how old they are', () => {
    const offsetsFrom = { kind: 'checkpoints', at: '2026-03-01T12:00:00.000Z', because: 'no broker answers' } as const;
    const now = Date.parse('2026-03-01T12:12:10.000Z');
    const answer = translateAnswer([told({ ...GROUP, offsetsFrom })], { now, fromCheckpoints: false });
    const lines = answer.text(UNSTYLED).replace(/\s+/g, ' ');

    expect(lines).toMatch(/partitions translated by its checkpoints, 12 min old/);
    expect(lines).toContain(
      'note the source does not tell where it is: no broker answers. The newest checkpoint is of 2026-03-01T12:00:00.000Z',
    );
    expect(answer.exitCode).toBe(1);
  });

  test('by checkpoints is as good as by the source for whoever says so', () => {
    const offsetsFrom = { kind: 'checkpoints', at: '2026-03-01T12:00:00.000Z', because: 'no broker answers' } as const;

    expect(translateAnswer([told({ ...GROUP, offsetsFrom })], { now: 0, fromCheckpoints: true }).exitCode).toBe(0);
  });

  test('leaves out flows that know nothing of it, unless none does', () => {
    const [unknown, other] = [told(fault('UNKNOWN_GROUP')), told(fault('UNKNOWN_GROUP'), 'us-east->eu')];

    expect(translateAnswer([unknown, told(GROUP, 'us-east->eu')])).toMatchObject({
      exitCode: 0,
      json: { answers: [{ flow: 'us-east->eu', group: 'billing' }], failures: [] },
    });
    expect(translateAnswer([unknown, other])).toMatchObject({ exitCode: 1, json: { answers: [{}, {}] } });
    expect(text(unknown)).toContain('UNKNOWN_GROUP');
  });

  test('of one flow stands beside the error of another that could not be asked; alone the error is all there is', () => {
    const failure = new AwsCallError('us-east->eu', 'lambda:InvokeFunction of f', 'gone');
    const lost = { flow: 'us-east->eu', failure };

    expect(translateAnswer([told(GROUP), lost])).toMatchObject({
      exitCode: 1,
      json: { failures: [{ flow: 'us-east->eu', error: { code: 'AWS_CALL_FAILED' } }] },
    });
    expect(text(told(GROUP), lost)).toContain('AWS_CALL_FAILED');
    expect(() => translateAnswer([lost])).toThrow(failure);
  });
});
