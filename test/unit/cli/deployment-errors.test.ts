import { expect, test } from 'vitest';
import { callFailed } from '../../../shared/cli/deployment-errors.ts';

const deployed = { flow: 'us-east->us-west', thing: 'table offsets', region: 'us-west-2', half: 'target' } as const;

function failedBy(name: string) {
  return callFailed(deployed, 'dynamodb:Query', Object.assign(new Error('no'), { name }));
}

test.each(['CredentialsProviderError', 'AccessDeniedException', 'ExpiredTokenException', 'InvalidSignatureException'])(
  'to try again is of no use after %s',
  (name) => {
    expect(failedBy(name)).toMatchObject({ code: 'AWS_CALL_FAILED', retriable: false });
  },
);

test.each(['TimeoutError', 'ThrottlingException', 'InternalServerError'])('to try again may help after %s', (name) => {
  expect(failedBy(name)).toMatchObject({ code: 'AWS_CALL_FAILED', retriable: true });
});

test.each(['ResourceNotFoundException', 'TimeoutError'])('%s of a command that writes is told in its words', (name) => {
  const failed = callFailed(deployed, 'dynamodb:Query', Object.assign(new Error('no'), { name }), 'It is noted.');

  expect(failed.safe).toBe('It is noted.');
});
