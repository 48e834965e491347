import { flowPolicy } from '../../config/flow-policy.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { type FlowId, flowOf } from '../../flow/flow.ts';
import { compileNameList } from '../../policy/name-list.ts';
import { provenance, type ReplicationPolicy } from '../../policy/replication-policy.ts';
import { type Change, type Explanation, type Fact, type Finding, Rule } from './explanation.ts';
import { enabling, notEnabled } from './flow-enabled.ts';
import { changesToExclude, changesToInclude, listGround, listObstacles, type NameLists } from './name-lists.ts';
import { isTopicName, TOPIC_NAMES } from './topic-name.ts';
import type { WrittenFile } from './written-file.ts';

export interface TopicExplanation extends Explanation {
  readonly topic: string;
  /** What its copy is called, or would be. */
  readonly remoteTopic: string;
}

/** Why `flow` copies the topic `topic` of its source, or why not. */
export function explainTopic(flow: Flow, topic: string, file: WrittenFile): TopicExplanation {
  const id = flowOf(flow);
  const { policy, remoteTopic } = flowPolicy(flow);
  const remote = remoteTopic(topic);
  const fixed = fixedObstacles(flow, policy, topic, remote);
  const rules = topicRules(flow, policy, topic, file);
  const obstacles = [...notEnabled(flow, file), ...fixed, ...(fixed.length > 0 ? [] : rules.obstacles)];
  const replicated = obstacles.length === 0;
  return {
    topic,
    remoteTopic: remote,
    flow: id,
    replicated,
    says: replicated ? `${topic} is replicated as ${remote}` : `${topic} is not replicated`,
    because: replicated ? [rules.ground] : obstacles,
    facts:
      fixed.length > 0
        ? []
        : [...topicFacts(flow, policy, topic, remote, file), ...(replicated ? whenFacts(flow, file) : [])],
    changes: changes(),
  };

  /** Lines that would not do alone are not proposed. */
  function changes(): readonly Change[] {
    if (replicated) return rules.toStop ?? [];
    return fixed.length > 0 || rules.toStart === undefined ? [] : [...enabling(flow, file), ...rules.toStart];
  }
}

/** What no setting changes. */
function fixedObstacles(
  { target }: Flow,
  policy: ReplicationPolicy,
  topic: string,
  remote: string,
): readonly Finding[] {
  if (policy.isMirrorMakerInternal(topic))
    return [{ rule: Rule.MirrorTopic, says: "it is one of the mirror's own topics, which are never copied" }];
  if (policy.isInternal(topic))
    return [{ rule: Rule.InternalTopic, says: 'names that begin with __ or . are internal, and never copied' }];
  if (!Iterator.from(provenance(policy, topic)).some((alias) => alias === target.alias)) return unnameable(remote);
  const original = policy.originalTopic(topic);
  const says = `its name says that it is a copy of ${original}, come from ${target.alias}: copying it back would make a loop`;
  return [{ rule: Rule.Loop, says }];
}

function unnameable(remote: string): readonly Finding[] {
  if (isTopicName(remote)) return [];
  return [{ rule: Rule.RemoteName, says: `its copy would be called ${remote}, and ${TOPIC_NAMES}` }];
}

interface TopicRules {
  readonly obstacles: readonly Finding[];
  readonly ground: Finding;
  /** Undefined where no lines can be told that would do. */
  readonly toStart: readonly Change[] | undefined;
  readonly toStop: readonly Change[] | undefined;
}

/** Heartbeats go by a switch of their own, all other topics by the two lists. */
function topicRules(flow: Flow, policy: ReplicationPolicy, topic: string, file: WrittenFile): TopicRules {
  const id = flowOf(flow);
  const lists: NameLists = {
    property: 'topics',
    include: compileNameList(flow.topics.include),
    exclude: compileNameList(flow.topics.exclude),
  };
  const excluding = changesToExclude(lists, topic, id, file);
  if (!flow.replicateHeartbeats || !policy.isHeartbeats(topic))
    return {
      obstacles: listObstacles(lists, topic),
      ground: listGround(lists, topic),
      toStart: changesToInclude(lists, topic, id, file),
      toStop: excluding,
    };
  const property = 'heartbeats.replication.enabled';
  const says = `heartbeats topics are copied whatever the lists say, while ${property} is true`;
  const asAnyOther = listObstacles(lists, topic).length > 0 ? [] : excluding;
  return {
    obstacles: [],
    ground: file.finding(id, Rule.Heartbeats, property, says),
    toStart: [],
    toStop: asAnyOther && [file.change(id, property, 'false', 'stop', 'heartbeats as any other topic'), ...asAnyOther],
  };
}

function topicFacts(
  flow: Flow,
  policy: ReplicationPolicy,
  topic: string,
  remote: string,
  file: WrittenFile,
): readonly Fact[] {
  const { source, target } = flow;
  const facts: Fact[] = [
    { label: 'its copy', text: `${remote} in ${target.alias}, named by ${describePolicy(flow, file)}` },
  ];
  if (flow.policy.kind === 'identity')
    facts.push({ label: 'loops', text: `ended by each record's origin-dc header, not by the topic's name` });
  const upstream = policy.upstreamTopic(topic);
  if (flow.policy.kind !== 'identity' && upstream !== undefined && policy.topicSource(topic) === source.alias)
    facts.push({
      label: 'note',
      text: `${topic} in ${target.alias} is this flow's copy of ${upstream}; about that, ask: causeway explain ${upstream}`,
    });
  return facts;
}

/** What may make a topic that is replicated look as if it were not. */
function whenFacts({ refreshTopics, startPosition, ...flow }: Flow, file: WrittenFile): readonly Fact[] {
  const id = flowOf(flow);
  const facts: Fact[] = [];
  if (!refreshTopics.enabled)
    facts.push({
      label: 'note',
      text: `topics made after the deployment are not found: refresh.topics.enabled is false${where(file, id, 'refresh.topics.enabled')}`,
    });
  if (startPosition.at !== 'earliest') {
    const from =
      startPosition.at === 'latest'
        ? 'those written from then on'
        : `those since ${new Date(startPosition.timestampMs).toISOString()}`;
    facts.push({
      label: 'note',
      text: `of a topic seen for the first time, only ${from} are copied (causeway.start.position or auto.offset.reset)`,
    });
  }
  return facts;
}

function describePolicy(flow: Flow, file: WrittenFile): string {
  const { policy } = flow;
  const id = flowOf(flow);
  if (policy.kind === 'pattern')
    return `the pattern ${policy.pattern}${where(file, id, 'causeway.replication.policy.pattern')}`;
  const name =
    policy.kind === 'identity'
      ? 'IdentityReplicationPolicy'
      : `DefaultReplicationPolicy, separator "${policy.separator}"`;
  return `${name}${where(file, id, 'replication.policy.class')}`;
}

function where(file: WrittenFile, flow: FlowId, property: string): string {
  const place = file.place(flow, property);
  return place === undefined ? '' : ` (line ${place.line})`;
}
