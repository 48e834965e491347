import type { Setting } from '../setting.ts';
import type { ProviderKind } from './reference.ts';

/** Classes of `config.providers.<name>.class` that Causeway has a counterpart for. */
const CLASSES: ReadonlyMap<string, ProviderKind> = new Map([
  ['org.apache.kafka.common.config.provider.EnvVarConfigProvider', 'env'],
  ['com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider', 'secrets'],
  ['com.amazonaws.kafka.config.providers.SsmParamStoreConfigProvider', 'ssm'],
]);

const BUILT_IN: ReadonlyMap<string, ProviderKind> = new Map([
  ['env', 'env'],
  ['secrets', 'secrets'],
  ['ssm', 'ssm'],
]);

export interface Providers {
  readonly kinds: ReadonlyMap<string, ProviderKind>;
  /** Declared providers that cannot run in a Lambda function; a fault only where a value uses one. */
  readonly unsupported: readonly Setting[];
}

/** Reads `config.providers` and `config.providers.<name>.class`; `env`, `secrets` and `ssm` need no class. */
export function readProviders(file: ReadonlyMap<string, Setting>): Providers {
  const declared = file.get('config.providers');
  const names = (declared?.value ?? '').split(',').map((name) => name.trim());
  const kinds = new Map<string, ProviderKind>();
  const unsupported: Setting[] = [];
  for (const name of names.filter((each) => each !== '')) {
    const written = file.get(`config.providers.${name}.class`);
    const kind = written === undefined ? BUILT_IN.get(name) : CLASSES.get(written.value.trim());
    kinds.set(name, kind ?? 'unsupported');
    const culprit = written ?? declared;
    if (kind === undefined && culprit !== undefined) unsupported.push(culprit);
  }
  return { kinds, unsupported };
}
