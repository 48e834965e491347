/** One binding of an ACL, in the words of Kafka's tools. */
export interface Acl {
  readonly resource: 'topic' | 'group' | 'cluster' | 'transactional-id' | 'delegation-token' | 'user-principal';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly permission: 'ALLOW' | 'DENY';
  readonly principal: string;
  readonly host: string;
  /** Upper case: `READ`, `WRITE`, `ALL`, ... */
  readonly operation: string;
}

/** Operations that Kafka 4.1 has ACLs for (`AclOperation`), as kafka-acls spells them in any case. */
export const OPERATIONS = [
  'All',
  'Read',
  'Write',
  'Create',
  'Delete',
  'Alter',
  'Describe',
  'ClusterAction',
  'DescribeConfigs',
  'AlterConfigs',
  'IdempotentWrite',
  'CreateTokens',
  'DescribeTokens',
  'TwoPhaseCommit',
] as const;

/** `ALLOW READ for User:app on topic orders`. */
export function describeAcl({ permission, operation, principal, host, resource, pattern, name }: Acl): string {
  const from = host === '*' ? '' : ` from ${host}`;
  const prefixed = pattern === 'prefixed' ? 'prefixed ' : '';
  return `${permission} ${operation} for ${principal}${from} on ${prefixed}${resource} ${name}`;
}
