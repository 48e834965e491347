import { CreateSecretCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A secret with a replica in each region, whose members can be changed one by one. */
export class Secret {
  readonly name: string;
  readonly arn: string;
  readonly #vaults: readonly SecretsManagerClient[];
  #members: Readonly<Record<string, string>>;

  private constructor(
    vaults: readonly SecretsManagerClient[],
    name: string,
    arn: string,
    members: Readonly<Record<string, string>>,
  ) {
    this.#vaults = vaults;
    this.name = name;
    this.arn = arn;
    this.#members = members;
  }

  /** `arn` is that of the first region. */
  static async create(
    vaults: readonly SecretsManagerClient[],
    name: string,
    members: Readonly<Record<string, string>>,
  ): Promise<Secret> {
    const input = { Name: name, SecretString: JSON.stringify(members) };
    const [first] = await Promise.all(vaults.map((vault) => vault.send(new CreateSecretCommand(input))));
    return new Secret(vaults, name, first?.ARN ?? '', members);
  }

  async change(members: Readonly<Record<string, string>>): Promise<void> {
    this.#members = { ...this.#members, ...members };
    const input = { SecretId: this.name, SecretString: JSON.stringify(this.#members) };
    await Promise.all(this.#vaults.map((vault) => vault.send(new PutSecretValueCommand(input))));
  }
}
