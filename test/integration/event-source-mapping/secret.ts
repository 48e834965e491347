import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localCredentials } from '../../../local/region/addresses.ts';
import type { Region } from './region.ts';

/** A secret in the region's Secrets Manager, which goes with the region. */
export class Secret {
  readonly arn: string;
  readonly #client: SecretsManagerClient;

  private constructor(arn: string, client: SecretsManagerClient) {
    this.arn = arn;
    this.#client = client;
  }

  /** @param content text as it is, anything else as JSON */
  static async create({ awsEndpoint, cluster }: Region, content: unknown): Promise<Secret> {
    const client = new SecretsManagerClient({
      endpoint: awsEndpoint,
      region: cluster.awsRegion,
      credentials: localCredentials,
    });
    const Name = `AmazonMSK_${randomUUID()}`;
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name, SecretString: textOf(content) }));
    return new Secret(ARN, client);
  }

  async change(content: unknown): Promise<void> {
    await this.#client.send(new PutSecretValueCommand({ SecretId: this.arn, SecretString: textOf(content) }));
  }
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
