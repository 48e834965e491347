import { expect, test } from 'vitest';
import { reportError } from '../../../shared/cli/error-report.ts';
import { askedTopics, TopicNotInFlowError } from '../../../shared/ledger/asked-topics.ts';

const flow = { source: 'us-east', target: 'us-west' };
const orders = { topic: 'orders', remoteTopic: 'us-east.orders' };
const parcels = { topic: 'parcels', remoteTopic: 'us-east.parcels' };

test.each(['orders', 'us-east.orders'])('a topic is asked for by its name on either cluster: %s', (name) => {
  expect(askedTopics(flow, [orders, parcels], name)).toEqual([orders]);
});

test('nobody asked for one alone: all are', () => {
  expect(askedTopics(flow, [orders, parcels], undefined)).toEqual([orders, parcels]);
  expect(askedTopics(flow, [], undefined)).toEqual([]);
});

test('a name that the flow does not have is an error that says how to find out, and no empty answer', () => {
  const asking = () => askedTopics(flow, [orders, parcels], 'ordrs');

  expect(asking).toThrow('us-east->us-west has no topic ordrs, by its name on either cluster');
  expect(reportError(new TopicNotInFlowError(flow, 'ordrs'), false)).toMatchObject({
    ...{ code: 'TOPIC_NOT_IN_FLOW', exitCode: 1, retriable: false },
    next: expect.stringContaining('causeway explain ordrs'),
  });
});
