import { expect, test } from 'vitest';
import { callFailed } from '../../../../shared/cli/adopt/call-failed.ts';

const ASKED = 'dynamodb:PutItem of causeway-us-east-to-us-west-offset-map';

test('a call without credentials has written nothing, says so, and comes to the same when it is made again', () => {
  const missing = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });

  const { safe, retriable } = callFailed('us-east->us-west', ASKED, missing);

  expect(safe).toMatch(/^AWS was not asked/);
  expect(retriable).toBe(false);
});

test('a call without an answer says that what is taken over stays so, and is worth another', () => {
  const { safe, retriable } = callFailed('us-east->us-west', ASKED, new Error('no answer'));

  expect(safe).toMatch(/^Partitions that are taken over/);
  expect(retriable).toBe(true);
});
