import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { flowOf } from '../../flow/flow.ts';
import { ANY_TOPIC, isWriteFence } from '../../policy/acl-selection.ts';
import { type Acl, describeAcl } from './acl.ts';
import { explainTopic } from './explain-topic.ts';
import { type Change, type Explanation, type Finding, Rule } from './explanation.ts';
import type { WrittenFile } from './written-file.ts';

const SYNC = 'sync.topic.acls.enabled';

export interface AclExplanation extends Explanation {
  readonly acl: Acl;
  /** As it stands on the target; absent when it is not replicated. */
  readonly remoteAcl?: Acl;
}

/**
 * Whether `flow` copies an ACL of its source. MirrorMaker 2's rule: ACLs of single topics that are replicated, without the
 * right to write, which remote topics give to the flow alone.
 */
export function explainAcl(flow: Flow, acl: Acl, file: WrittenFile): AclExplanation {
  const id = flowOf(flow);
  const fixed = fixedObstacles(acl, flow);
  const topic = fixed.length > 0 ? undefined : explainTopic(flow, acl.name, file);
  const obstacles = [
    ...fixed,
    ...syncOff(flow, file),
    ...(topic === undefined || topic.replicated ? [] : topic.because),
  ];
  const remoteAcl: Acl = { ...acl, name: flowPolicy(flow).remoteTopic(acl.name), operation: remoteOperation(acl) };
  if (obstacles.length === 0)
    return {
      acl,
      remoteAcl,
      flow: id,
      replicated: true,
      says: `${describeAcl(acl)} is replicated as ${describeAcl(remoteAcl)}`,
      because: [ground(acl, flow)],
      facts: [],
      changes: [file.change(id, SYNC, 'false', 'stop', 'no ACL of this flow replicated')],
    };
  return {
    acl,
    flow: id,
    replicated: false,
    says: `${describeAcl(acl)} is not replicated`,
    because: obstacles,
    facts: fixed.length > 0 ? [{ label: 'instead', text: `grant it in ${flow.target.alias} yourself: it stays` }] : [],
    changes: changes(),
  };

  /** Lines that would not do alone are not proposed. */
  function changes(): readonly Change[] {
    if (fixed.length > 0 || topic === undefined) return [];
    if (!topic.replicated && topic.changes.length === 0) return [];
    return [...syncing(flow, file), ...topic.changes.filter(({ to }) => to === 'start')];
  }
}

/** What no setting changes. */
function fixedObstacles(acl: Acl, { source, target }: Flow): readonly Finding[] {
  const { resource, pattern, permission, operation, name } = acl;
  if (resource !== 'topic')
    return [{ rule: Rule.AclResource, says: `only ACLs of topics are replicated, and this is one of a ${resource}` }];
  if (pattern !== 'literal')
    return [
      { rule: Rule.AclPattern, says: `only ACLs of single topics are replicated, and ${name} is a prefix of many` },
    ];
  if (name === ANY_TOPIC)
    return [
      {
        rule: Rule.AclPattern,
        says: `only ACLs of single topics are replicated, and ${name} is every topic of ${source.alias}, whether it is replicated or not`,
      },
    ];
  if (permission === 'ALLOW' && operation === 'WRITE')
    return [
      {
        rule: Rule.AclWrite,
        says: `the right to write is not replicated: the copy in ${target.alias} is written by the flow alone`,
      },
    ];
  if (isWriteFence(acl))
    return [
      {
        rule: Rule.AclFence,
        says: `a fence against all writers is not replicated: in ${target.alias} it would stop the flow itself, and applications that move there`,
      },
    ];
  return [];
}

function syncOff(flow: Flow, file: WrittenFile): readonly Finding[] {
  if (flow.syncTopicAcls.enabled) return [];
  return [file.finding(flowOf(flow), Rule.AclSyncOff, SYNC, `${SYNC} is false, so no ACL is replicated`)];
}

function syncing(flow: Flow, file: WrittenFile): readonly Change[] {
  return flow.syncTopicAcls.enabled ? [] : [file.change(flowOf(flow), SYNC, 'true', 'start', 'ACLs replicated')];
}

function remoteOperation({ permission, operation }: Acl): string {
  return permission === 'ALLOW' && operation === 'ALL' ? 'READ' : operation;
}

function ground(acl: Acl, { target, syncTopicAcls }: Flow): Finding {
  const often = `compared every ${syncTopicAcls.intervalSeconds} s`;
  if (remoteOperation(acl) !== acl.operation)
    return {
      rule: Rule.AclReduced,
      says: `ALL becomes READ, since ${target.alias}'s copy is written by the flow alone; ${often}`,
      property: SYNC,
    };
  return {
    rule: Rule.AclKept,
    says: `ACLs of replicated topics are replicated as they are, under the copy's name; ${often}`,
    property: SYNC,
  };
}
