import { CausewayError } from '../../shared/flow/errors.ts';
import type { TopicPlan } from '../../shared/reconcile/action.ts';
import { describeAction, describeOutOfStep, describeWaiting } from '../../shared/reconcile/forecast/describe.ts';
import { forecast, forecastTopic, type SeenTopic as Seen } from '../../shared/reconcile/forecast/forecast.ts';
import type { ReconcilePorts } from '../../shared/reconcile/ports.ts';
import type { ClusterTopic } from '../../shared/reconcile/topic.ts';
import type { Wanted } from '../../shared/reconcile/wanted.ts';
import type { PlanFault, PlannedTopic, PlanResponse, SeenTopic } from './plan-response.ts';

export interface PlanQuestion {
  readonly wanted: Wanted;
  readonly ports: ReconcilePorts;
  /** The flow as it is deployed, encoded. */
  readonly configuration: string;
}

/** What would be done now, of the whole flow or of one topic. Nothing is changed. */
export async function answerPlan(question: PlanQuestion, topic: string | undefined): Promise<PlanResponse> {
  try {
    return topic === undefined ? await planOfFlow(question) : await planOfTopic(question, topic);
  } catch (error) {
    if (error instanceof CausewayError) return { error: faultOf(error) };
    throw error;
  }
}

async function planOfFlow({ wanted, ports, configuration }: PlanQuestion): Promise<PlanResponse> {
  const { topics, gone, outOfStep, faults, orphans, hold, ...rest } = await forecast(wanted, ports);
  return {
    configuration,
    plan: {
      ...rest,
      ...(hold !== undefined && { hold }),
      topics: topics.map((each) => plannedTopic(each, gone.has(each.topic), wanted)),
      outOfStep: outOfStep.map((each) => {
        return { topic: each.topic, remoteTopic: each.remoteTopic, steps: [...describeOutOfStep(each)] };
      }),
      faults: faults.map(faultOf),
      orphans: [...orphans],
    },
  };
}

async function planOfTopic({ wanted, ports, configuration }: PlanQuestion, topic: string): Promise<PlanResponse> {
  const { seen, plan, removed, hold } = await forecastTopic(topic, wanted, ports);
  const gone = seen.source === undefined;
  const next = plan !== undefined && { next: plannedTopic(plan, gone, wanted) };
  return { configuration, seen: seenTopic(seen), ...next, removed, ...(hold !== undefined && { hold }) };
}

function plannedTopic(
  { topic, actions, waitingFor, fault }: TopicPlan,
  gone: boolean,
  { topics: { remoteTopic }, flow }: Wanted,
): PlannedTopic {
  const deleted = actions.some(({ kind }) => kind === 'begin-grace' || kind === 'delete-remote-topic');
  const kept = deleted ? '' : `; its copy ${remoteTopic(topic)} is kept (docs/deploy.md)`;
  return {
    topic,
    ...(gone && { gone: `gone on ${flow.source}${kept}` }),
    steps: actions.map((action) => ({ ...action, says: describeAction(action, gone) })),
    ...(waitingFor !== undefined && {
      waitingFor: { kind: waitingFor, says: describeWaiting(waitingFor, actions.length === 0) },
    }),
    ...(fault !== undefined && { fault: faultOf(fault) }),
  };
}

function seenTopic({ source, remoteTopic, target, item, mappings }: Seen): SeenTopic {
  const described = ({ id, partitions }: ClusterTopic) => ({ id, partitions });
  return {
    ...(source !== undefined && { source: described(source) }),
    remoteTopic,
    ...(target !== undefined && { target: described(target) }),
    ...(item !== undefined && { registered: { state: item.state, generation: item.generation } }),
    mappings: mappings.map(({ uuid, phase, group, settings }) => ({ uuid, phase, group, enabled: settings.enabled })),
  };
}

function faultOf({ code, message, safe, next, retriable }: CausewayError): PlanFault {
  return { code, what: message, safe, next, retriable };
}
