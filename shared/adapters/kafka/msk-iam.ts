import { messageOf } from '../../flow/errors.ts';
import { CredentialsError } from './failure.ts';

/**
 * A token for Amazon MSK's IAM authentication: a presigned `kafka-cluster:Connect` for the cluster's region, signed with
 * the credentials that the AWS SDK finds. Good for 15 minutes.
 * @throws CredentialsError
 */
export async function mskIamToken(region: string): Promise<string> {
  return orCredentialsError(async () => {
    const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
    return (await generateAuthToken({ region })).token;
  });
}

/** @throws CredentialsError for whatever `provide` throws, so that it is not taken for the network's fault */
export async function orCredentialsError(provide: () => Promise<string>): Promise<string> {
  try {
    return await provide();
  } catch (error) {
    const reason = messageOf(error);
    throw new CredentialsError(`no IAM credentials to sign with: ${reason}`, { cause: error });
  }
}
