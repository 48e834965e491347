import { CausewayError } from '../../flow/errors.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { TopicPair } from '../topic.ts';
import { ConfigRefusedError, ConfigsNotSyncedError, ConfigUnknownError } from './errors.ts';
import { type ConfigPlan, type ConfigRules, planConfigs } from './plan-configs.ts';
import { isOfTheValue } from './refusal.ts';
import type { ConfigChange, PerTopic, TopicConfigs } from './topic-configs.ts';

/** Topics of one request: an answer of some 250 KB where a topic has 40 settings. */
export const TOPICS_A_REQUEST = 100;

export interface ConfigPorts {
  /** The call as a whole fails only when the cluster cannot be asked. */
  readonly source: { describeConfigs(topics: readonly string[]): Promise<PerTopic<TopicConfigs>> };
  readonly target: {
    describeConfigs(topics: readonly string[]): Promise<PerTopic<TopicConfigs>>;
    /** Changes nothing but what is named; each topic's changes are taken together or not at all. */
    alterConfigs(changes: ReadonlyMap<string, readonly ConfigChange[]>): Promise<PerTopic<'changed'>>;
  };
}

/** What is to be changed of one remote topic, and what cannot be. */
export interface PairPlan extends ConfigPlan {
  readonly pair: TopicPair;
}

export interface ConfigSync {
  readonly compared: number;
  /** Values that differed. */
  readonly drifted: number;
  /** Those that were put right, by topic. */
  readonly changed: readonly PairPlan[];
  readonly errors: readonly CausewayError[];
  /** Whether every pair was looked at. */
  readonly complete: boolean;
}

/** What comparing all pairs gives; asks both clusters once for 100 topics. */
export async function compareConfigs(
  flow: FlowId,
  pairs: readonly TopicPair[],
  rules: ConfigRules,
  { source, target }: { source: ConfigPorts['source']; target: Pick<ConfigPorts['target'], 'describeConfigs'> },
): Promise<{ readonly plans: readonly PairPlan[]; readonly errors: readonly CausewayError[] }> {
  const [here, there] = await Promise.all([
    source.describeConfigs(pairs.map(({ topic }) => topic)),
    target.describeConfigs(pairs.map(({ remoteTopic }) => remoteTopic)),
  ]);
  const plans: PairPlan[] = [];
  const failed: Failure[] = [];
  for (const pair of pairs) {
    const [from, to] = [here.get(pair.topic), there.get(pair.remoteTopic)];
    for (const answer of [from, to])
      if (answer instanceof CausewayError && !isGone(answer)) failed.push({ pair, key: '', error: answer });
    if (from === undefined || to === undefined || from instanceof CausewayError || to instanceof CausewayError)
      continue;
    plans.push({ pair, ...planConfigs(from, to, rules) });
  }
  const unknown = plans.flatMap(({ pair, unknown: keys }) => keys.map((key) => ({ pair, key })));
  return {
    plans,
    errors: [
      ...grouped(failed, (topics, { error }) => new ConfigsNotSyncedError(flow, topics, 'read', error)),
      ...[...Map.groupBy(unknown, ({ key }) => key)].map(
        ([key, each]) => new ConfigUnknownError(flow, key, topicsOf(each)),
      ),
    ],
  };
}

/**
 * Brings the settings of remote topics in step, changing what differs and nothing else. A topic whose changes are refused
 * as a whole gets them one by one, so that one bad value keeps back no other.
 * @throws CausewayError when a cluster cannot be asked at all
 */
export async function syncConfigs(
  flow: FlowId,
  pairs: readonly TopicPair[],
  rules: ConfigRules,
  ports: ConfigPorts,
  goOn: () => boolean = () => true,
): Promise<ConfigSync> {
  const errors: CausewayError[] = [];
  const failed: Failure[] = [];
  const changed: PairPlan[] = [];
  let [compared, drifted] = [0, 0];
  while (compared < pairs.length && goOn()) {
    const some = pairs.slice(compared, compared + TOPICS_A_REQUEST);
    const comparison = await compareConfigs(flow, some, rules, ports);
    const differing = comparison.plans.filter(({ changes }) => changes.length > 0);
    compared += some.length;
    drifted += differing.reduce((sum, { changes }) => sum + changes.length, 0);
    errors.push(...comparison.errors);
    if (differing.length > 0) changed.push(...(await alter(differing, ports, failed)));
  }
  errors.push(
    ...grouped(failed, (topics, { key, error }) =>
      key === ''
        ? new ConfigsNotSyncedError(flow, topics, 'changed', error)
        : new ConfigRefusedError(flow, key, topics, error),
    ),
  );
  return { compared, drifted, changed, errors, complete: compared === pairs.length };
}

/** A topic that was deleted meanwhile is the next look's. */
function isGone({ code }: CausewayError): boolean {
  return code === 'KAFKA_UNKNOWN_TOPIC';
}

interface Failure {
  readonly pair: TopicPair;
  /** The config property; empty where none is to blame. */
  readonly key: string;
  readonly error: CausewayError;
}

async function alter(plans: readonly PairPlan[], { target }: ConfigPorts, failed: Failure[]): Promise<PairPlan[]> {
  const answers = await target.alterConfigs(new Map(plans.map((plan) => [plan.pair.remoteTopic, plan.changes])));
  const changed: PairPlan[] = [];
  const refused: PairPlan[] = [];
  for (const plan of plans) {
    const answer = answers.get(plan.pair.remoteTopic);
    if (answer === 'changed') changed.push(plan);
    else if (answer !== undefined && isOfTheValue(answer)) refused.push(plan);
    else if (answer !== undefined && !isGone(answer)) failed.push({ pair: plan.pair, key: '', error: answer });
  }
  return [...changed, ...(await alterOneByOne(refused, target, failed))];
}

/** The first change of every topic in one request, then the second of each, and so on. */
async function alterOneByOne(
  plans: readonly PairPlan[],
  target: ConfigPorts['target'],
  failed: Failure[],
): Promise<PairPlan[]> {
  const taken = new Map<PairPlan, ConfigChange[]>(plans.map((plan) => [plan, []]));
  const most = Math.max(0, ...plans.map(({ changes }) => changes.length));
  for (let at = 0; at < most; at++) {
    const one = plans.flatMap((plan) => {
      const change = plan.changes[at];
      return change === undefined ? [] : [{ plan, change }];
    });
    const answers = await target.alterConfigs(
      new Map(one.map(({ plan, change }) => [plan.pair.remoteTopic, [change]])),
    );
    for (const { plan, change } of one) {
      const answer = answers.get(plan.pair.remoteTopic);
      if (answer === 'changed') taken.get(plan)?.push(change);
      else if (answer !== undefined) failed.push({ pair: plan.pair, key: change.name, error: answer });
    }
  }
  return [...taken].flatMap(([plan, changes]) => (changes.length === 0 ? [] : [{ ...plan, changes }]));
}

/** One report for all topics of which a cluster says the same. */
function grouped(
  failures: readonly Failure[],
  report: (topics: readonly string[], first: Failure) => CausewayError,
): CausewayError[] {
  return [...Map.groupBy(failures, ({ key, error }) => `${key} ${error.code}`).values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined ? [] : [report(topicsOf(alike), first)];
  });
}

function topicsOf(each: readonly { readonly pair: TopicPair }[]): readonly string[] {
  return [...new Set(each.map(({ pair }) => pair.topic))].sort();
}
