import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CredentialsError } from '../../../../shared/adapters/kafka/failure.ts';
import { mskIamToken, orCredentialsError } from '../../../../shared/adapters/kafka/msk-iam.ts';

describe('mskIamToken', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_REGION', 'us-east-1');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('is signed for the cluster’s region, not the function’s', async () => {
    const url = new URL(Buffer.from(await mskIamToken('us-west-2'), 'base64url').toString());
    expect(url.hostname).toBe('kafka.us-west-2.amazonaws.com');
    expect(url.searchParams.get('Action')).toBe('kafka-cluster:Connect');
    expect(url.searchParams.get('X-Amz-Credential')).toMatch(
      /^AKIDEXAMPLE\/\d{8}\/us-west-2\/kafka-cluster\/aws4_request$/,
    );
    expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('orCredentialsError', () => {
  it('names what failed and keeps it as the cause', async () => {
    const cause = new Error('the role cannot be assumed');
    const failing = orCredentialsError(() => Promise.reject(cause));
    await expect(failing).rejects.toBeInstanceOf(CredentialsError);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('the role cannot be assumed'),
      cause,
    });
  });
});
