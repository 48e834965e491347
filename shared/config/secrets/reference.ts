import { z } from 'zod';

/** Where a value is: AWS Secrets Manager, SSM Parameter Store, or the machine that reads the configuration. */
export const secretReferenceSchema = z.object({
  provider: z.enum(['secrets', 'ssm', 'env', 'file', 'directory']),
  /** Name or ARN of the secret; name or ARN of the parameter; name of the variable; path of the file or the directory. */
  path: z.string().min(1),
  /** Member of the secret's JSON object, key of the properties file, or file in the directory; else the whole value. */
  key: z.string().min(1).optional(),
});

/** A value that is not in the file, only the place where it is kept. */
export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** Looks a referred value up. */
export type Resolve = (reference: SecretReference) => Promise<string>;

/** A value with the references in it. */
export type Part = string | SecretReference | UnknownProvider;

/** `${name:...}` whose name is in no `config.providers`, or whose provider cannot run here. */
export interface UnknownProvider {
  readonly unknown: string;
  /** What follows its name. */
  readonly rest: string;
}

/** Whether it can be looked up on the machine that reads the configuration alone, and in no function. */
export function isLocal({ provider }: SecretReference): boolean {
  return provider !== 'secrets' && provider !== 'ssm';
}

export function isReference(part: Part): part is SecretReference {
  return typeof part !== 'string' && 'provider' in part;
}

/** Kafka's pattern for references: `${provider:path:key}` or `${provider:path}`. */
const REFERENCE = /\$\{([^}:]*):([^}]*)\}/g;

/** An ARN of Secrets Manager, and the key after it. */
const SECRET_ARN = /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+)(?::(.+))?$/;

/** Splits a value into text and references. */
export function parseReferences(value: string, providers: ReadonlyMap<string, ProviderKind>): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const [whole, name = '', rest = ''] = match;
    if (match.index > end) parts.push(value.slice(end, match.index));
    end = match.index + whole.length;
    const kind = providers.get(name);
    parts.push(kind === undefined || kind === 'unsupported' ? { unknown: name, rest } : reference(kind, rest));
  }
  if (end < value.length) parts.push(value.slice(end));
  return parts;
}

/** What a provider's class reads; `unsupported` for a class without a counterpart here. */
export type ProviderKind = SecretReference['provider'] | 'unsupported';

function reference(provider: SecretReference['provider'], rest: string): SecretReference {
  if (provider === 'env' || provider === 'ssm') return { provider, path: rest.replace(/^:/, '') };
  const arn = SECRET_ARN.exec(rest);
  const last = rest.lastIndexOf(':');
  const [path, key] = arn ? [arn[1] ?? rest, arn[2]] : last < 0 ? [rest] : [rest.slice(0, last), rest.slice(last + 1)];
  return { provider, path, ...(key === undefined || key === '' ? {} : { key }) };
}

/** How messages show what a reference looks like. */
export const WRITTEN_REFERENCE = describeReference({ provider: 'secrets', path: '<name>', key: '<key>' });

/** As it is written in the file. */
export function describeReference({ provider, path, key }: SecretReference): string {
  return `\${${provider}:${path}${key === undefined ? '' : `:${key}`}}`;
}
