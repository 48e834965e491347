/** One right on a topic, in Kafka's words. */
export interface TopicAcl {
  readonly permission: 'ALLOW' | 'DENY';
  /** `READ`, `WRITE`, `ALL`, ... */
  readonly operation: string;
  /** `User:app` */
  readonly principal: string;
  readonly host: string;
}

/** Who has the right on which topics: those named `name`, or, `prefixed`, beginning with it. */
export interface TopicAclBinding extends TopicAcl {
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
}

/** As a literal name it stands for every topic of its cluster. */
export const ANY_TOPIC = '*';

/** Whether a binding is about one topic alone, not about whatever has a name of some form. */
export function isOfOneTopic({ name, pattern }: TopicAclBinding): boolean {
  return pattern === 'literal' && name !== ANY_TOPIC;
}

/** Nobody but super users writes to the topic: a fence, by which runbooks too keep writers off the cluster that is left. */
export const NOBODY_WRITES: TopicAcl = { permission: 'DENY', operation: 'WRITE', principal: 'User:*', host: '*' };

export function isWriteFence(acl: TopicAcl): boolean {
  return aclKey(acl) === aclKey(NOBODY_WRITES);
}

/**
 * The right on a copied topic that a right on its source becomes; undefined for none. MirrorMaker 2's rule: whoever may do
 * anything may read the copy, which is written by the flow alone; all else, what is denied above all, stays as it is. Not
 * so a fence, which MirrorMaker 2 copies: there it would stop the flow itself, and applications that have moved.
 */
export function remoteAcl(acl: TopicAcl): TopicAcl | undefined {
  if (acl.permission === 'ALLOW' && acl.operation === 'WRITE') return undefined;
  if (isWriteFence(acl)) return undefined;
  if (acl.permission === 'ALLOW' && acl.operation === 'ALL') return { ...acl, operation: 'READ' };
  return acl;
}

/** Equal for equal rights. */
export function aclKey({ permission, operation, principal, host }: TopicAcl): string {
  return JSON.stringify([permission, operation, principal, host]);
}

/** `ALLOW READ for User:app from 10.0.0.7` */
export function describeTopicAcl({ permission, operation, principal, host }: TopicAcl): string {
  return `${permission} ${operation} for ${principal}${host === '*' ? '' : ` from ${host}`}`;
}
