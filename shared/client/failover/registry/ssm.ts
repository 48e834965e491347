import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import { RegistryNotPublishedError } from '../errors.ts';
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
 * it. The AWS SDK is loaded at the first reading. A parameter that is not there is an error and no answer: runbooks, their dry
 * runs too, make it, so its name or region is wrong, or the flow was not deployed.
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
        if (error instanceof ParameterNotFound)
          throw new RegistryNotPublishedError(options.parameterName, options.region, error);
        throw error;
      });
      return JSON.parse(answer.Parameter?.Value ?? '');
    },
    async close(): Promise<void> {
      (await opened)?.destroy();
    },
  };
}
