import { CreateSecretCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A secret whose members can be changed one by one. */
export class Secret {
  readonly name: string;
  readonly arn: string;
  readonly #client: SecretsManagerClient;
  #members: Readonly<Record<string, string>>;

  private constructor(
    client: SecretsManagerClient,
    name: string,
    arn: string,
    members: Readonly<Record<string, string>>,
  ) {
    this.#client = client;
    this.name = name;
    this.arn = arn;
    this.#members = members;
  }

  static async create(
    client: SecretsManagerClient,
    name: string,
    members: Readonly<Record<string, string>>,
  ): Promise<Secret> {
    const command = new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(members) });
    const { ARN = '' } = await client.send(command);
    return new Secret(client, name, ARN, members);
  }

  async change(members: Readonly<Record<string, string>>): Promise<void> {
    this.#members = { ...this.#members, ...members };
    await this.#client.send(
      new PutSecretValueCommand({ SecretId: this.arn, SecretString: JSON.stringify(this.#members) }),
    );
  }
}
