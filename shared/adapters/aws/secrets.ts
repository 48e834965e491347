import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SecretUnavailableError } from '../../config/errors.ts';
import type { Resolve, SecretReference } from '../../config/secrets/reference.ts';

/** Reads one whole value by its name or ARN; undefined when it holds no text. */
export type Store = (path: string) => Promise<string | undefined>;

export interface Stores {
  readonly env: Store;
  readonly secrets: Store;
  readonly ssm: Store;
}

/**
 * Looks references up, each time anew: a secret that was rotated is read again when a client connects again.
 * @throws SecretUnavailableError
 */
export function secretResolver(stores: Stores): Resolve {
  return async (reference) => {
    const value = await read(stores[reference.provider], reference);
    return reference.key === undefined ? value : member(value, reference.key, reference);
  };
}

async function read(store: Store, reference: SecretReference): Promise<string> {
  let value: string | undefined;
  try {
    value = await store(reference.path);
  } catch (cause) {
    throw new SecretUnavailableError(reference, cause instanceof Error ? cause.name : 'the call failed', cause);
  }
  if (value === undefined) throw new SecretUnavailableError(reference, 'there is no text value under this name');
  return value;
}

/** Never says what the value is, also not in a parser's message. */
function member(value: string, key: string, reference: SecretReference): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw new SecretUnavailableError(reference, 'its value is not a JSON object');
  }
  const found = new Map(Object.entries(parsed ?? {})).get(key);
  if (typeof found === 'string') return found;
  if (typeof found === 'number') return String(found);
  throw new SecretUnavailableError(reference, `its JSON object has no text member ${key}`);
}

/** The environment, AWS Secrets Manager and SSM Parameter Store; an ARN is read in its own region. */
export function awsStores(environment: Readonly<Record<string, string | undefined>>): Stores {
  return {
    env: async (path) => environment[path],
    secrets: async (path) => {
      const client = new SecretsManagerClient(region(path));
      return (await client.send(new GetSecretValueCommand({ SecretId: path }))).SecretString;
    },
    ssm: async (path) => {
      const client = new SSMClient(region(path));
      return (await client.send(new GetParameterCommand({ Name: path, WithDecryption: true }))).Parameter?.Value;
    },
  };
}

function region(path: string): { region?: string } {
  const named = path.startsWith('arn:') ? path.split(':')[3] : undefined;
  return named ? { region: named } : {};
}

/** Looks references up in this process's environment and AWS account. */
export const resolveSecret: Resolve = (reference) => secretResolver(awsStores(process.env))(reference);
