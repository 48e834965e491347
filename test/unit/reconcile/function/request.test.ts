import { expect, test } from 'vitest';
import { parseRequest } from '../../../../functions/reconcile/request.ts';

const CALL = {
  ResponseURL: 'https://bucket.example/answer',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Causeway-us-east-1/0e0e',
  RequestId: 'r',
  LogicalResourceId: 'Mappings',
  ResourceType: 'Custom::CausewayMappings',
  ResourceProperties: { ServiceToken: 'arn' },
};

test.each(['reconcile', 'remove-all'] as const)('%s is asked for by its name', (action) => {
  expect(parseRequest({ action })).toEqual({ kind: 'direct', action });
});

test.each([
  ['Create', 'reconcile'],
  ['Update', 'reconcile'],
  ['Delete', 'remove-all'],
] as const)('a stack’s %s is %s', (RequestType, action) => {
  expect(parseRequest({ ...CALL, RequestType })).toMatchObject({
    kind: 'deployment',
    action,
    request: { RequestId: 'r' },
  });
});

test.each([
  ['another service’s event', { Records: [{ eventSource: 'aws:sqs' }] }],
  ['an unknown action', { action: 'delete-everything' }],
  ['an answer address that is none', { ...CALL, RequestType: 'Delete', ResponseURL: 'nowhere' }],
  ['nothing', undefined],
])('%s is refused', (_, event) => {
  expect(() => parseRequest(event)).toThrow();
});
