import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretUnavailableError } from '../config/errors.ts';
import { parseProperties } from '../config/properties.ts';
import type { Resolve, SecretReference } from '../config/secrets/reference.ts';
import { messageOf } from '../flow/errors.ts';
import { awsStores, secretResolver } from './aws/secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Looks up what a properties file refers to outside of its secrets: in the environment and the files of this
 * machine, and with its AWS credentials in the account.
 */
export function lookUpHere(environment: Environment): Resolve {
  const ofAws = secretResolver(awsStores(environment.AWS_REGION ?? environment.CDK_DEFAULT_REGION));
  return async (reference) => {
    switch (reference.provider) {
      case 'env':
        return found(reference, environment[reference.path], 'the variable is not set');
      case 'file':
        return property(reference, await textOf(reference, reference.path));
      case 'directory':
        return textOf(reference, join(reference.path, reference.key ?? ''));
      default:
        return ofAws(reference);
    }
  };
}

async function textOf(reference: SecretReference, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SecretUnavailableError(reference, messageOf(cause), cause);
  }
}

/** The last of the lines with this key counts, as in Java. */
function property(reference: SecretReference, text: string): string {
  const named = parseProperties(text).properties.filter(({ key }) => key === reference.key);
  return found(reference, named.at(-1)?.value, `the file has no key ${reference.key ?? ''}`);
}

function found(reference: SecretReference, value: string | undefined, reason: string): string {
  if (value === undefined) throw new SecretUnavailableError(reference, reason);
  return value;
}
