import { describe, expect, test } from 'vitest';
import { answerEvent } from '../../../../functions/translate/answer.ts';
import { translateResponse } from '../../../../functions/translate/response.ts';
import { EXPIRED, log, type Scene, scene } from '../../client/translate/scene.ts';

/** What a function URL hands over, payload format 2.0. */
function byUrl(method: string, rest: { body?: string; isBase64Encoded?: boolean; query?: Record<string, string> }) {
  const { query, ...event } = rest;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { host: 'abc.lambda-url.us-west-2.on.aws' },
    requestContext: { http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '203.0.113.5', userAgent: 'curl' } },
    isBase64Encoded: false,
    ...(query && { queryStringParameters: query }),
    ...event,
  };
}

async function ask(event: unknown, facts?: Scene) {
  const told: string[] = [];
  const answer = await answerEvent(event, scene(facts).translator, ({ code }) => told.push(code));
  return { answer, told };
}

async function askUrl(event: unknown, facts?: Scene) {
  const { answer } = await ask(event, facts);
  if (!('statusCode' in answer)) throw new Error('not answered as over HTTP');
  expect(answer.headers['content-type']).toBe('application/json');
  return {
    status: answer.statusCode,
    answer: translateResponse.parse(JSON.parse(answer.body)),
    headers: answer.headers,
  };
}

const TRANSLATED = {
  flow: 'us-east->us-west',
  direction: 'forward',
  from: { cluster: 'us-east', topic: 'orders', partition: 0, offset: 15 },
  to: { cluster: 'us-west', topic: 'us-east.orders', partition: 0, offset: 5 },
  exact: true,
  beyond: 0,
};
const question = { topic: 'orders', partition: 0, offset: 15 };
const source = { groups: { billing: { 'orders-0': 15, 'orders-1': 3 }, '42': { 'orders-0': 90 } } };

describe('an invocation', () => {
  test('with an offset is answered with its place on the other cluster', async () => {
    expect(await ask(question)).toEqual({ answer: TRANSLATED, told: ['TRANSLATED'] });
    expect(
      (await ask({ ...question, topic: 'us-east.orders', offset: 5, direction: 'backward' })).answer,
    ).toMatchObject({
      direction: 'backward',
      to: { cluster: 'us-east', topic: 'orders', offset: 15 },
    });
  });

  test('with a group is answered partition by partition, faults beside translations', async () => {
    const { answer } = await ask({ group: 'billing' }, { source });

    expect(answer).toEqual(translateResponse.parse(answer));
    expect(answer).toMatchObject({
      group: 'billing',
      offsetsFrom: { kind: 'cluster' },
      partitions: [TRANSLATED],
      untranslated: [
        {
          from: { cluster: 'us-east', topic: 'orders', partition: 1, offset: 3 },
          error: { code: 'NOTHING_REPLICATED', status: 409, retriable: true },
        },
      ],
    });
  });

  test('says when a group was translated by checkpoints of before', async () => {
    const checkpoints = { at: 1_700_000_000_000, offsets: [{ topic: 'us-east.orders', partition: 0, offset: 15 }] };

    expect((await ask({ group: 'billing' }, { source: 'unreachable', checkpoints })).answer).toMatchObject({
      offsetsFrom: { kind: 'checkpoints', at: '2023-11-14T22:13:20.000Z', because: 'no broker answers' },
      partitions: [TRANSLATED],
    });
  });

  test('without a translation gets the error as its answer', async () => {
    const { answer, told } = await ask({ ...question, topic: 'stock' });

    expect(answer).toEqual({
      error: {
        code: 'UNKNOWN_TOPIC_PARTITION',
        status: 404,
        what: 'us-east->us-west replicates no stock-0',
        safe: 'Nothing was changed: a translation only reads.',
        next: expect.stringContaining('causeway explain'),
        retriable: false,
      },
    });
    expect(told).toEqual(['UNKNOWN_TOPIC_PARTITION']);
  });

  test('that meets a defect fails', async () => {
    const { translator } = scene();
    translator.translateOffset = () => Promise.reject(new TypeError('a defect'));

    await expect(answerEvent(question, translator, () => {})).rejects.toThrow('a defect');
  });
});

describe('a function URL', () => {
  test.each([
    ['a query', byUrl('GET', { query: { topic: 'orders', partition: '0', offset: '15' } })],
    ['a body', byUrl('POST', { body: JSON.stringify(question) })],
    ['a body in base64', byUrl('POST', { body: btoa(JSON.stringify(question)), isBase64Encoded: true })],
  ])('takes a question in %s', async (_, event) => {
    expect(await askUrl(event)).toMatchObject({ status: 200, answer: TRANSLATED });
  });

  test('takes a group that is called by a number', async () => {
    expect(await askUrl(byUrl('GET', { query: { group: '42' } }), { source })).toMatchObject({
      status: 200,
      answer: { group: '42', partitions: [{ to: { offset: 70 } }] },
    });
  });

  test.each<[number, string, Record<string, string>, Scene?]>([
    [400, 'INVALID_REQUEST', {}],
    [400, 'INVALID_REQUEST', { group: 'billing', topic: 'orders' }],
    [400, 'INVALID_REQUEST', { topic: 'orders', partition: '0', offset: '-1' }],
    [400, 'INVALID_REQUEST', { topic: 'orders', partition: '0', offset: '9007199254740993' }],
    [400, 'INVALID_REQUEST', { topic: 'orders', partition: 'first', offset: '1' }],
    [400, 'INVALID_REQUEST', { group: 'billing', direction: 'sideways' }],
    [404, 'UNKNOWN_GROUP', { group: 'nobody' }],
    [404, 'UNKNOWN_TOPIC_PARTITION', { topic: 'orders', partition: '7', offset: '1' }],
    [409, 'NOTHING_REPLICATED', { topic: 'orders', partition: '1', offset: '1' }],
    [416, 'OUT_OF_RANGE', { topic: 'orders', partition: '0', offset: '15' }, { map: [EXPIRED] }],
    [
      409,
      'LOG_ENDS_BEFORE_MAP',
      { topic: 'orders', partition: '0', offset: '90' },
      { target: { logs: { 'us-east.orders-0': log(0, 60, 'west-id') } } },
    ],
    [
      409,
      'TOPIC_MISSING',
      { topic: 'orders', partition: '0', offset: '15' },
      { target: { logs: { 'us-east.orders-0': { code: 'UNKNOWN_TOPIC_OR_PARTITION' } } } },
    ],
    [503, 'OFFSET_MAP_UNREADABLE', { topic: 'orders', partition: '0', offset: '1' }, { map: [{ code: 'X' }] }],
    [503, 'KAFKA_UNREACHABLE', { group: 'billing' }, { source: 'unreachable' }],
  ])('answers with %i %s to %o', async (status, code, query, facts) => {
    expect(await askUrl(byUrl('GET', { query }), facts)).toMatchObject({ status, answer: { error: { code, status } } });
  });

  test('names the nearest pair of an offset that is out of range', async () => {
    const event = byUrl('POST', { body: JSON.stringify(question) });

    expect((await askUrl(event, { map: [EXPIRED] })).answer).toMatchObject({
      error: { nearest: { source: 50, target: 30 } },
    });
  });

  test.each([
    ['a body that is not JSON', byUrl('POST', { body: '{' }), 400, 'the body is not JSON'],
    ['no body', byUrl('POST', {}), 400, 'there is no body'],
    ['a body that is null', byUrl('POST', { body: 'null' }), 400, 'the question is no JSON object: null'],
    ['a list', byUrl('POST', { body: '[1]' }), 400, 'the question is no JSON object: [1]'],
    ['nothing', byUrl('GET', { query: {} }), 400, 'nothing is asked'],
    ['half a question', byUrl('GET', { query: { topic: 't' } }), 400, 'partition is missing; offset is missing'],
    [
      'members that it cannot use',
      byUrl('POST', { body: '{"topic":"","partition":-1,"offset":"5","direction":"up"}' }),
      400,
      'topic is "", expected a name of at most 249 characters; partition is -1, expected a whole number from 0; ' +
        'offset is "5", expected a whole number from 0; direction is "up", expected forward or backward',
    ],
    [
      'a group and a topic',
      byUrl('GET', { query: { group: 'g', topic: 't' } }),
      400,
      'topic is not asked beside a group',
    ],
    ['an unknown key', byUrl('GET', { query: { group: 'g', topics: 'x' } }), 400, 'topics is not asked beside a group'],
    ['another method', byUrl('PUT', { body: '{}' }), 405, 'PUT is not answered'],
  ])('refuses %s', async (_, event, status, what) => {
    const { answer, ...found } = await askUrl(event);

    expect(found.status).toBe(status);
    expect(answer).toMatchObject({ error: { status, what: expect.stringContaining(what) } });
  });

  test('says which methods it takes', async () => {
    expect((await askUrl(byUrl('DELETE', {}))).headers.allow).toBe('GET, POST');
  });
});
