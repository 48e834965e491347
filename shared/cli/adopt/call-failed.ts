import { AwsCallError } from '../deployment-errors.ts';

/** @param asked `dynamodb:PutItem of <table>`: the right that it takes, and what of */
export function callFailed(flow: string, asked: string, cause: unknown): AwsCallError {
  const safe = isWithoutCredentials(cause)
    ? 'AWS was not asked, as there are no credentials to ask with: nothing was written by this call.'
    : 'Partitions that are taken over stay so, the others are as they were.';
  return new AwsCallError(flow, asked, cause, safe);
}

/** As the SDK names it where no credentials are found, or they cannot be had. */
function isWithoutCredentials(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'CredentialsProviderError';
}
