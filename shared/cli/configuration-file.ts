import { readFile } from 'node:fs/promises';
import { resolve as absolute } from 'node:path';
import type { Parsed } from '../config/configuration.ts';
import { ConfigurationFileError } from '../config/errors.ts';
import { resolveConfiguration } from '../config/parse-configuration.ts';
import type { Resolve } from '../config/secrets/reference.ts';
import { withoutBrokers } from './look-up.ts';

export const DEFAULT_FILE = 'mm2.properties';

export interface LoadedConfiguration extends Parsed {
  /** As it was named, for messages. */
  readonly file: string;
  readonly text: string;
}

/** `names`: what is called how; brokers are not asked, so their addresses are not looked up. */
export type Needed = 'all' | 'names';

/**
 * Reads and parses the file; what it refers to outside of secrets (broker addresses, lists) is looked up.
 * @throws ConfigurationFileError, ConfigurationError, and what `resolve` throws
 */
export async function loadConfiguration(
  file: string,
  folder: string,
  resolve: Resolve,
  needed: Needed,
): Promise<LoadedConfiguration> {
  const text = await readText(file, folder);
  const lookUp = needed === 'names' ? withoutBrokers(text, resolve) : resolve;
  return { ...(await resolveConfiguration(text, { file, resolve: lookUp })), file, text };
}

/** @throws ConfigurationFileError */
export async function readText(file: string, folder: string): Promise<string> {
  const text = await readFile(absolute(folder, file), 'utf8').catch((error: unknown) => {
    throw new ConfigurationFileError(file, error);
  });
  if (text.includes('\0')) throw new ConfigurationFileError(file, 'it is no text: there are zero bytes in it');
  return text;
}
