import type { AclNote } from '../../ledger/reconcile-notes.ts';
import { aclKey, isOfOneTopic, remoteAcl, type TopicAcl, type TopicAclBinding } from '../../policy/acl-selection.ts';
import type { FlowTopics } from '../topic.ts';

export interface AclFacts {
  /** Every binding of topics at the source, of whatever pattern. */
  readonly source: readonly TopicAclBinding[];
  readonly target: readonly TopicAclBinding[];
  readonly notes: readonly AclNote[];
}

export interface AclRules {
  readonly topics: FlowTopics;
  /** Whether what is gone at the source is taken off the target. */
  readonly deleteRevoked: boolean;
}

/** What is to be done for one remote topic. */
export interface TopicAclPlan {
  readonly topic: string;
  readonly remoteTopic: string;
  readonly create: readonly TopicAcl[];
  readonly revoke: readonly TopicAcl[];
  /** As it was read. */
  readonly note: AclNote | undefined;
  /** Noted by Causeway, still there on the target or to be made, and not revoked by this plan. */
  readonly keep: readonly TopicAcl[];
}

/**
 * Which rights differ. Invariants:
 *
 * A. Only what is in a note is revoked: a right that was there before Causeway came, or that somebody gave by hand, stays.
 * B. What is there already is not made again, and not noted.
 * C. Planning again after everything succeeded gives nothing.
 *
 * As in MirrorMaker 2, names decide: a right may be there before its topic, and stays when the flow no longer covers it.
 */
export function planAcls({ source, target, notes }: AclFacts, { topics, deleteRevoked }: AclRules): TopicAclPlan[] {
  const wanted = wantedByTopic(source, topics);
  const present = Map.groupBy(target.filter(isOfOneTopic), ({ name }) => name);
  const noted = new Map(notes.map((note) => [note.remoteTopic, note]));
  for (const { topic, remoteTopic } of notes)
    if (topics.covers(topic) && topics.remoteTopic(topic) === remoteTopic && !wanted.has(topic)) wanted.set(topic, []);
  return [...wanted].flatMap(([topic, acls]) => {
    const remoteTopic = topics.remoteTopic(topic);
    const want = byKey(acls);
    const there = byKey(present.get(remoteTopic) ?? []);
    const note = noted.get(remoteTopic);
    const ours = byKey(note?.acls ?? []);
    const create = [...want.values()].filter((acl) => !there.has(aclKey(acl)));
    const gone = [...ours.values()].filter((acl) => there.has(aclKey(acl)) && !want.has(aclKey(acl)));
    const revoke = deleteRevoked ? gone : [];
    const keep = [...ours.values()].filter(
      (acl) => (want.has(aclKey(acl)) || there.has(aclKey(acl))) && !revoke.includes(acl),
    );
    const plan: TopicAclPlan = { topic, remoteTopic, create, revoke, note, keep };
    const differs = create.length + revoke.length > 0 || keep.length !== ours.size;
    return differs ? [plan] : [];
  });
}

function wantedByTopic(source: readonly TopicAclBinding[], topics: FlowTopics): Map<string, TopicAcl[]> {
  const wanted = new Map<string, TopicAcl[]>();
  for (const binding of source) {
    const acl = remoteAcl(binding);
    if (acl === undefined || !isOfOneTopic(binding) || !topics.covers(binding.name)) continue;
    wanted.set(binding.name, [...(wanted.get(binding.name) ?? []), acl]);
  }
  return wanted;
}

function byKey(acls: readonly TopicAcl[]): Map<string, TopicAcl> {
  return new Map(
    acls.map(({ permission, operation, principal, host }) => {
      const acl = { permission, operation, principal, host };
      return [aclKey(acl), acl];
    }),
  );
}
