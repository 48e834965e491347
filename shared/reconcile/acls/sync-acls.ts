import { CausewayError } from '../../flow/errors.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { ReconcileNotes } from '../../ledger/reconcile-notes.ts';
import {
  aclKey,
  describeTopicAcl,
  isOfOneTopic,
  type TopicAcl,
  type TopicAclBinding,
} from '../../policy/acl-selection.ts';
import { sideBySide } from '../side-by-side.ts';
import { AclsNotReadError, AclsRefusedError } from './errors.ts';
import { type AclRules, planAcls, type TopicAclPlan } from './plan-acls.ts';
import { aboutEach } from './requests.ts';

export interface AclReader {
  /** Every binding of topics; `no-authorizer` for a cluster that has no ACLs. */
  acls(): Promise<readonly TopicAclBinding[] | 'no-authorizer'>;
}

export interface AclWriter extends AclReader {
  /** By place in `bindings`: what the cluster said against it. Making one that is there is no error. */
  createAcls(bindings: readonly TopicAclBinding[]): Promise<readonly (CausewayError | undefined)[]>;
  /** The same; deleting one that is not there is no error. */
  deleteAcls(bindings: readonly TopicAclBinding[]): Promise<readonly (CausewayError | undefined)[]>;
}

export interface AclPorts {
  readonly source: AclReader;
  readonly target: AclWriter;
  readonly notes: Pick<ReconcileNotes, 'acls' | 'writeAcls'>;
}

/** A right on a remote topic. */
export interface RemoteAcl {
  readonly remoteTopic: string;
  readonly acl: TopicAcl;
}

export interface AclSync {
  readonly created: readonly RemoteAcl[];
  readonly revoked: readonly RemoteAcl[];
  /** The cluster without an authorizer, where one has none: then nothing was done. */
  readonly withoutAuthorizer: string | undefined;
  /** Bindings of the source that are about topics of some form of name: they are given on the target by hand. */
  readonly ofPatterns: readonly TopicAclBinding[];
  readonly errors: readonly CausewayError[];
  readonly complete: boolean;
}

/** What comparing gives, in three reads. @throws AclsNotReadError, and what the notes throw */
export async function compareAcls(
  flow: FlowId,
  rules: AclRules,
  { source, target, notes }: { source: AclReader; target: AclReader; notes: Pick<ReconcileNotes, 'acls'> },
): Promise<{ readonly plans: readonly TopicAclPlan[] } & Pick<AclSync, 'withoutAuthorizer' | 'ofPatterns'>> {
  const here = await read(flow, flow.source, source);
  if (here === 'no-authorizer') return { plans: [], withoutAuthorizer: flow.source, ofPatterns: [] };
  const ofPatterns = here.filter((binding) => !isOfOneTopic(binding));
  const there = await read(flow, flow.target, target);
  if (there === 'no-authorizer') return { plans: [], withoutAuthorizer: flow.target, ofPatterns };
  const plans = planAcls({ source: here, target: there, notes: await notes.acls() }, rules);
  return { plans, withoutAuthorizer: undefined, ofPatterns };
}

/**
 * Gives on the target the rights that copied topics have on the source, and takes off those that it gave and that are gone
 * there. A right is noted before it is given, so that none is forgotten when a run ends in the middle; where another run
 * wrote the note meanwhile, the topic is left to it.
 * @throws AclsNotReadError, and what the ports throw when the cluster or the notes cannot be asked at all
 */
export async function syncAcls(flow: FlowId, rules: AclRules, ports: AclPorts): Promise<AclSync> {
  const { plans, ...found } = await compareAcls(flow, rules, ports);
  const begun = await sideBySide(plans, async (plan) => {
    const { note, create, revoke, keep } = plan;
    const before = union(keep, create, revoke);
    const isNoted = note !== undefined && sameAcls(note.acls, before);
    const version = (note?.version ?? 0) + (isNoted ? 0 : 1);
    const noted = isNoted ? 'written' : await write(ports, plan, version, before);
    return noted === 'written' ? [{ plan, version, before }] : [];
  });
  const mine = begun.flat();
  const failures: Failure[] = [];
  const created = await change('made', mine, ({ create }) => create, ports.target.createAcls, failures);
  const revoked = await change('revoked', mine, ({ revoke }) => revoke, ports.target.deleteAcls, failures);
  await sideBySide(mine, async ({ plan, version, before }) => {
    const there = (done: readonly RemoteAcl[], acl: TopicAcl) =>
      done.some(({ remoteTopic, acl: each }) => remoteTopic === plan.remoteTopic && aclKey(each) === aclKey(acl));
    const after = union(
      plan.keep,
      plan.create.filter((acl) => there(created, acl)),
      plan.revoke.filter((acl) => !there(revoked, acl)),
    );
    if (!sameAcls(before, after)) await write(ports, plan, version + 1, after);
  });
  return { ...found, created, revoked, errors: refusals(flow, failures), complete: true };
}

async function read(flow: FlowId, cluster: string, reader: AclReader) {
  try {
    return await reader.acls();
  } catch (error) {
    throw error instanceof CausewayError ? new AclsNotReadError(flow, cluster, error) : error;
  }
}

interface Begun {
  readonly plan: TopicAclPlan;
  /** Of the note as it stands. */
  readonly version: number;
  readonly before: readonly TopicAcl[];
}

interface Failure {
  readonly doing: 'made' | 'revoked';
  readonly right: RemoteAcl;
  readonly error: CausewayError;
}

/** @returns those that the cluster took */
async function change(
  doing: Failure['doing'],
  begun: readonly Begun[],
  of: (plan: TopicAclPlan) => readonly TopicAcl[],
  send: AclWriter['createAcls'],
  failures: Failure[],
): Promise<readonly RemoteAcl[]> {
  const rights = begun.flatMap(({ plan }) =>
    of(plan).map((acl): RemoteAcl => ({ remoteTopic: plan.remoteTopic, acl })),
  );
  const bindings = rights.map(({ remoteTopic: name, acl }) => ({ ...acl, name, pattern: 'literal' as const }));
  const answers = await aboutEach(bindings, send);
  const done: RemoteAcl[] = [];
  for (const [index, right] of rights.entries()) {
    const error = answers[index];
    if (error === undefined) done.push(right);
    else failures.push({ doing, right, error });
  }
  return done;
}

function write({ notes }: AclPorts, plan: TopicAclPlan, version: number, acls: readonly TopicAcl[]) {
  const { topic, remoteTopic } = plan;
  return notes.writeAcls(version - 1, { version, topic, remoteTopic, acls });
}

/** One report for all rights of which the cluster says the same. */
function refusals(flow: FlowId, failures: readonly Failure[]): CausewayError[] {
  return [...Map.groupBy(failures, ({ doing, error }) => `${doing} ${error.code}`).values()].flatMap((alike) => {
    const [first] = alike;
    const rights = alike.map(({ right }) => `${describeTopicAcl(right.acl)} on ${right.remoteTopic}`);
    return first === undefined ? [] : [new AclsRefusedError(flow, first.doing, rights, first.error)];
  });
}

function union(...lists: readonly (readonly TopicAcl[])[]): readonly TopicAcl[] {
  return [...new Map(lists.flat().map((acl) => [aclKey(acl), acl])).values()];
}

function sameAcls(a: readonly TopicAcl[], b: readonly TopicAcl[]): boolean {
  const keys = (acls: readonly TopicAcl[]) => acls.map(aclKey).sort().join('\n');
  return keys(a) === keys(b);
}
