import { expect, test } from 'vitest';
import { FIRST_LOOKS, parseRequest } from '../../../../functions/reconcile/request.ts';

const CALL = {
  ResponseURL: 'https://bucket.example/answer',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Causeway-us-east-1/0e0e',
  RequestId: 'r',
  LogicalResourceId: 'Mappings',
  ResourceType: 'Custom::CausewayMappings',
  ResourceProperties: { ServiceToken: 'arn' },
};

test('looks fill the minute until the schedule comes again, or the time that is asked for', () => {
  expect(parseRequest({ action: 'reconcile' })).toEqual({ kind: 'look', forSeconds: 55 });
  expect(parseRequest({ action: 'reconcile', forSeconds: 0 })).toEqual({ kind: 'look', forSeconds: 0 });
});

test('what a deployment has called later is understood, and looks until the schedule has begun', () => {
  expect(parseRequest(JSON.parse(JSON.stringify(FIRST_LOOKS)))).toEqual({ kind: 'look', forSeconds: 115 });
});

test('a removal is asked for by its name', () => {
  expect(parseRequest({ action: 'remove-all' })).toEqual({ kind: 'remove' });
  expect(parseRequest({ action: 'plan' })).toEqual({ kind: 'plan', topic: undefined });
  expect(parseRequest({ action: 'plan', topic: 'orders' })).toEqual({ kind: 'plan', topic: 'orders' });
});

test.each(['Create', 'Update', 'Delete'] as const)('a stack’s %s is known', (RequestType) => {
  expect(parseRequest({ ...CALL, RequestType })).toMatchObject({
    kind: 'deployment',
    request: { RequestType, RequestId: 'r' },
  });
});

test.each([
  ['another service’s event', { Records: [{ eventSource: 'aws:sqs' }] }],
  ['an unknown action', { action: 'delete-everything' }],
  ['a time that has gone by', { action: 'reconcile', forSeconds: -1 }],
  ['an answer address that is none', { ...CALL, RequestType: 'Delete', ResponseURL: 'nowhere' }],
  ['nothing', undefined],
])('%s is refused', (_, event) => {
  expect(() => parseRequest(event)).toThrow();
});
