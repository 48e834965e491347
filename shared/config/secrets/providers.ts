import type { Settings } from '../setting.ts';
import { readList } from '../values.ts';
import type { ProviderKind } from './reference.ts';

/** Classes of `config.providers.<name>.class` that Causeway has a counterpart for. */
const CLASSES: ReadonlyMap<string, ProviderKind> = new Map([
  ['org.apache.kafka.common.config.provider.EnvVarConfigProvider', 'env'],
  ['org.apache.kafka.common.config.provider.FileConfigProvider', 'file'],
  ['org.apache.kafka.common.config.provider.DirectoryConfigProvider', 'directory'],
  ['com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider', 'secrets'],
  ['com.amazonaws.kafka.config.providers.SsmParamStoreConfigProvider', 'ssm'],
]);

const BUILT_IN: ReadonlyMap<string, ProviderKind> = new Map([
  ['env', 'env'],
  ['file', 'file'],
  ['directory', 'directory'],
  ['secrets', 'secrets'],
  ['ssm', 'ssm'],
]);

/** Reads `config.providers` and `config.providers.<name>.class`; the built-in names need no class. */
export function readProviders(file: Settings): ReadonlyMap<string, ProviderKind> {
  const names = readList(file.get('config.providers')?.value ?? '');
  return new Map(
    names.map((name) => {
      const written = file.get(`config.providers.${name}.class`);
      const kind = written === undefined ? BUILT_IN.get(name) : CLASSES.get(written.value.trim());
      return [name, kind ?? 'unsupported'];
    }),
  );
}
