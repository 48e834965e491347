import { Aws } from 'aws-cdk-lib';
import { type SecretReference, secretReferenceSchema } from '../shared/config/secrets/reference.ts';
import type { Security } from '../shared/config/security/schema.ts';

/** Everything that a client's security settings refer to, wherever it stands in them. */
export function referencesOf(settings: Security): readonly SecretReference[] {
  const references: SecretReference[] = [];
  const visit = (value: unknown): void => {
    const reference = secretReferenceSchema.safeParse(value);
    if (reference.success) references.push(reference.data);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(settings);
  return references;
}

/** What Secrets Manager adds to a secret's name, which only the account knows. */
const SUFFIX = /-[a-zA-Z0-9]{6}$/;

/**
 * ARN of what a reference names, for a policy in `region`; undefined for what no function can look up. A secret that
 * is named without the end of its ARN has a pattern there.
 */
export function referencedArn({ provider, path }: SecretReference, region: string): string | undefined {
  if (provider !== 'secrets' && provider !== 'ssm') return undefined;
  if (path.startsWith('arn:')) return provider === 'ssm' || SUFFIX.test(path) ? path : `${path}-??????`;
  const prefix = (service: string) => `arn:${Aws.PARTITION}:${service}:${region}:${Aws.ACCOUNT_ID}`;
  if (provider === 'secrets') return `${prefix('secretsmanager')}:secret:${path}-??????`;
  return `${prefix('ssm')}:parameter/${path.replace(/^\//, '')}`;
}
