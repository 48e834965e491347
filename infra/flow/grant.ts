import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';

/** What a role is allowed, and where a resource has a wildcard, why it cannot be narrower. */
export interface Grant {
  readonly statement: PolicyStatement;
  readonly wildcardBecause?: string;
}

/** Tells cdk-nag of each wildcard by its own finding, with its reason; any other is still an error. */
export function acknowledgeWildcards(role: Role, grants: readonly Grant[]): void {
  const reasons = new Map<string, string[]>();
  for (const { statement, wildcardBecause } of grants) {
    if (wildcardBecause === undefined) continue;
    for (const resource of statement.resources.map((arn) => render(Stack.of(role).resolve(arn))))
      if (resource.includes('*')) reasons.set(resource, [...(reasons.get(resource) ?? []), wildcardBecause]);
  }
  for (const [resource, because] of reasons)
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: because.join(' ') });
}

/** A resolved ARN as cdk-nag prints it: references in angle brackets. */
function render(part: unknown): string {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null) return String(part);
  if ('Ref' in part) return `<${part.Ref}>`;
  if ('Fn::GetAtt' in part && Array.isArray(part['Fn::GetAtt'])) return `<${part['Fn::GetAtt'].join('.')}>`;
  const join = 'Fn::Join' in part ? part['Fn::Join'] : undefined;
  return Array.isArray(join) && Array.isArray(join[1])
    ? join[1].map(render).join(String(join[0]))
    : JSON.stringify(part);
}
