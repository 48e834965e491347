import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SecretUnavailableError } from '../../config/errors.ts';
import type { Resolve, SecretReference } from '../../config/secrets/reference.ts';

/** Reads one whole value by its name or ARN; undefined when it holds no text. */
export type Store = (path: string) => Promise<string | undefined>;

export interface Stores {
  readonly secrets: Store;
  readonly ssm: Store;
}

/** Looks references up, each time anew. @throws SecretUnavailableError, also for what only another machine could read */
export function secretResolver(stores: Stores): Resolve {
  return async (reference) => {
    const { provider, key } = reference;
    if (provider !== 'secrets' && provider !== 'ssm')
      throw new SecretUnavailableError(reference, 'it is not in Secrets Manager or Parameter Store');
    const value = await read(stores[provider], reference);
    return key === undefined ? value : member(value, key, reference);
  };
}

async function read(store: Store, reference: SecretReference): Promise<string> {
  let value: string | undefined;
  try {
    value = await store(reference.path);
  } catch (cause) {
    throw new SecretUnavailableError(reference, cause instanceof Error ? describe(cause) : 'the call failed', cause);
  }
  if (value === undefined) throw new SecretUnavailableError(reference, 'there is no text value under this name');
  return value;
}

/** `AccessDeniedException: User ... is not authorized to perform ...`; AWS names no secret's value. */
function describe({ name, message }: Error): string {
  return name === 'Error' ? message : `${name}: ${message}`;
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

/**
 * AWS Secrets Manager and SSM Parameter Store. An ARN is read in its own region, a name in `defaultRegion`.
 * @param defaultRegion default: the SDK's, which in a function is the function's
 */
export function awsStores(defaultRegion?: string): Stores {
  const region = (path: string) => {
    const named = (path.startsWith('arn:') && path.split(':')[3]) || defaultRegion;
    return named === undefined ? {} : { region: named };
  };
  return {
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

/** Looks references up in this process's AWS account. */
export const resolveSecret: Resolve = secretResolver(awsStores());
