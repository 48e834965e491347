import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import type { RegistrySource } from './source.ts';

export interface SsmRegistryOptions {
  readonly region: string;
  /** Name or ARN of the parameter, whose value is JSON. */
  readonly parameterName: string;
  /** Credentials, an endpoint; default: the AWS SDK's. */
  readonly client?: Omit<SSMClientConfig, 'region'>;
}

/**
 * The copy of the registry in Parameter Store, for applications without access to DynamoDB. Needs `ssm:GetParameter` on
 * it. The AWS SDK is loaded at the first reading.
 */
export function ssmRegistry(options: SsmRegistryOptions): RegistrySource {
  let opened: Promise<SSMClient> | undefined;
  const open = async () => {
    const { SSMClient } = await import('@aws-sdk/client-ssm');
    return new SSMClient({ ...options.client, region: options.region });
  };
  return {
    async read(_, signal: AbortSignal): Promise<unknown> {
      opened ??= open();
      const [client, { GetParameterCommand, ParameterNotFound }] = await Promise.all([
        opened,
        import('@aws-sdk/client-ssm'),
      ]);
      const command = new GetParameterCommand({ Name: options.parameterName, WithDecryption: true });
      const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      });
      const value = answer?.Parameter?.Value;
      return value === undefined ? undefined : JSON.parse(value);
    },
    async close(): Promise<void> {
      (await opened)?.destroy();
    },
  };
}
