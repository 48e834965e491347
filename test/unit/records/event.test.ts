import { describe, expect, it } from 'vitest';
import { MalformedEventError } from '../../../shared/records/errors.ts';
import { parseEvent } from '../../../shared/records/event.ts';

function record(fields: Record<string, unknown> = {}) {
  return {
    topic: 'orders',
    partition: 0,
    offset: 5,
    timestamp: 1_700_000_000_000,
    timestampType: 'CREATE_TIME',
    ...fields,
  };
}

function event(records: unknown, fields: Record<string, unknown> = {}): unknown {
  return { eventSource: 'aws:kafka', eventSourceArn: 'arn:aws:kafka:us-east-1:1:cluster/c/1', records, ...fields };
}

describe('parseEvent', () => {
  it('gives the records of each partition in the event’s order', () => {
    const parsed = parseEvent(
      event({ 'orders-1': [record({ partition: 1 })], 'orders-0': [record(), record({ offset: 9, value: '' })] }),
    );
    expect(parsed.clusterArn).toBe('arn:aws:kafka:us-east-1:1:cluster/c/1');
    expect(parsed.partitions.map((each) => [each.topic, each.partition, each.records.map((r) => r.offset)])).toEqual([
      ['orders', 1, [5]],
      ['orders', 0, [5, 9]],
    ]);
  });

  it('takes a self-managed cluster’s event, which has no ARN', () => {
    const parsed = parseEvent(
      event({ 'orders-0': [record()] }, { eventSource: 'SelfManagedKafka', eventSourceArn: undefined }),
    );
    expect(parsed.clusterArn).toBeUndefined();
  });

  it('takes absent and null keys, values and headers, negative and null header values', () => {
    const records = [
      record({ key: null, value: null, headers: null }),
      record({ offset: 6 }),
      record({ offset: 7, key: '', value: '', headers: [{ é: [-61, -87] }, { é: null }] }),
    ];
    expect(parseEvent(event({ 'orders-0': records })).partitions[0]?.records).toHaveLength(3);
  });

  it('takes a topic name with a dash and a digit at its end', () => {
    const parsed = parseEvent(event({ 'orders-2-0': [record({ topic: 'orders-2' })] }));
    expect(parsed.partitions[0]?.topic).toBe('orders-2');
  });

  it.each([
    ['nothing', undefined, 'absent; expected an object'],
    ['text', 'hello', '"hello"; expected an object'],
    ['another service’s event', { Records: [{ eventSource: 'aws:s3' }] }, 'eventSource is absent'],
    ['an event of Amazon MQ', event({}, { eventSource: 'aws:mq' }), 'eventSource is "aws:mq"'],
    ['an ARN that is none', event({ 'orders-0': [record()] }, { eventSourceArn: 7 }), 'eventSourceArn is 7'],
    ['no records', event(undefined), 'records is absent'],
    ['records in an array', event([record()]), 'records is an array'],
  ])('refuses %s, saying what was found and that nothing was written', (_name, input, found) => {
    const parse = () => parseEvent(input);
    expect(parse).toThrow(MalformedEventError);
    expect(parse).toThrow(found);
    try {
      parse();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'MALFORMED_EVENT',
        retriable: false,
        safe: expect.stringContaining('Nothing of what is named here was written.'),
      });
    }
  });

  it('finds nothing to do in an event without records', () => {
    expect(parseEvent(event({}))).toMatchObject({ partitions: [], refused: [] });
    expect(parseEvent(event({ 'orders-0': [] }))).toMatchObject({ partitions: [], refused: [] });
  });

  it.each([
    [
      'a record that is none',
      event({ 'orders-0': [record(), 3] }),
      'records["orders-0"][1]: 3; expected a record object',
    ],
    [
      'records of another partition',
      event({ 'orders-1': [record()] }),
      'records["orders-1"] holds records of orders-0',
    ],
    [
      'two partitions under one name',
      event({ 'orders-0': [record(), record({ partition: 1, offset: 6 })] }),
      '[1] belongs to orders-1',
    ],
    ['an offset twice', event({ 'orders-0': [record(), record()] }), 'partition orders-0 has offset 5 after 5'],
    [
      'offsets that fall',
      event({ 'orders-0': [record(), record({ offset: 4 })] }),
      'partition orders-0 has offset 4 after 5',
    ],
    ['a negative offset', event({ 'orders-0': [record({ offset: -1 })] }), 'offset is -1'],
    ['an offset past 2^53', event({ 'orders-0': [record({ offset: 2 ** 53 })] }), 'offset is 9007199254740992'],
    ['an offset in text', event({ 'orders-0': [record({ offset: '5' })] }), 'offset is "5"'],
    ['a broken timestamp', event({ 'orders-0': [record({ timestamp: 1.5 })] }), 'timestamp is 1.5'],
    ['no topic', event({ 'orders-0': [record({ topic: undefined })] }), 'topic is absent'],
    ['a partition in text', event({ 'orders-0': [record({ partition: '0' })] }), 'partition is "0"'],
    ['a key that a schema registry decoded', event({ 'orders-0': [record({ key: { id: 1 } })] }), 'key is an object'],
    ['a value that is a number', event({ 'orders-0': [record({ value: 7 })] }), 'value is a number'],
    ['headers that are one object', event({ 'orders-0': [record({ headers: { a: [1] } })] }), 'headers is an object'],
    ['a header that is none', event({ 'orders-0': [record({ headers: [[1]] })] }), 'headers[0] is an array'],
    ['a header in text', event({ 'orders-0': [record({ headers: [{ a: 'x' }] })] }), 'headers[0]["a"] is a string'],
    [
      'two headers in one object',
      event({ 'orders-0': [record({ headers: [{ a: [1], b: [2] }] })] }),
      'headers[0] has 2 names',
    ],
  ])('refuses one partition for %s, and gives the others', (_name, input, found) => {
    const { records } = input as { records: Record<string, unknown> };
    const other = [record({ topic: 'payments', partition: 7 })];
    const parsed = parseEvent(event({ ...records, 'payments-7': other }));
    expect(parsed.partitions.map(({ topic }) => topic)).toEqual(['payments']);
    expect(parsed.refused.map(({ error }) => error.message)).toEqual([expect.stringContaining(found)]);
    expect(parsed.refused[0]?.error).toMatchObject({ code: 'MALFORMED_EVENT', retriable: false });
  });

  it('tells which offsets of a refused partition are to be delivered again, each once and in order', () => {
    const records = [record({ offset: 8 }), record({ offset: 6 }), record({ offset: 8, value: 7 })];
    const [refused] = parseEvent(event({ 'orders-0': records })).refused;
    expect(refused?.records).toEqual({ topic: 'orders', partition: 0, offsets: [6, 8] });
  });

  it.each([
    ['no array', 'records'],
    ['a record that is none', [record(), 3]],
    ['a record without an offset', [record(), record({ offset: undefined })]],
    ['a record of another partition', [record(), record({ partition: 1 })]],
    ['records of another partition', [record({ partition: 1 })]],
    ['nothing in its place', [null]],
  ])('does not tell offsets of a partition that has %s: whose they are is not known', (_name, records) => {
    const [refused] = parseEvent(event({ 'orders-0': records })).refused;
    expect(refused?.error).toBeInstanceOf(MalformedEventError);
    expect(refused?.records).toBeUndefined();
  });

  it('tells no content of keys, values and headers', () => {
    const secrets = [
      { key: 4_242 },
      { value: true },
      { headers: [{ a: 'secret' }] },
      { headers: 'secret' },
      { headers: ['secret'] },
    ];
    for (const fields of secrets) {
      const [refused] = parseEvent(event({ 'orders-0': [record(fields)] })).refused;
      expect(refused?.error.message).not.toMatch(/secret|4242|true/);
    }
  });

  it('does not repeat a megabyte of a wrong value in its message', () => {
    expect(() => parseEvent(event('x'.repeat(1_000_000)))).toThrow(/^.{0,250}$/);
  });

  it('takes 10,000 records and an event of 6 MB', () => {
    const value = Buffer.alloc(420, 'v').toString('base64');
    const records = Array.from({ length: 10_000 }, (_, i) => record({ offset: i, value }));
    expect(parseEvent(event({ 'orders-0': records })).partitions[0]?.records).toHaveLength(10_000);
  });
});
