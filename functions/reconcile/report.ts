import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Action } from '../../shared/reconcile/action.ts';
import type { LookReport } from '../../shared/reconcile/reconcile.ts';

const COUNTED = [
  { kind: 'create-remote-topic', name: 'RemoteTopicsCreated' },
  { kind: 'grow-remote-topic', name: 'RemoteTopicsGrown' },
  { kind: 'create-mapping', name: 'MappingsCreated' },
  { kind: 'update-mapping', name: 'MappingsUpdated' },
  { kind: 'delete-mapping', name: 'MappingsRemoved' },
] as const satisfies readonly { readonly kind: Action['kind']; readonly name: string }[];

export interface LookSummary {
  readonly covered: number;
  readonly waiting: number;
  readonly failed: number;
  /** How many of each kind of action were done. */
  readonly done: Readonly<Partial<Record<Action['kind'], number>>>;
}

export function summarize(report: LookReport): LookSummary {
  const done: Partial<Record<Action['kind'], number>> = {};
  for (const { plan, done: outcomes } of report.steps)
    for (const [index, action] of plan.actions.entries())
      if (outcomes[index] === 'done') done[action.kind] = (done[action.kind] ?? 0) + 1;
  return {
    covered: report.covered,
    waiting: report.topics.filter(({ plan }) => plan.waitingFor !== undefined).length,
    failed: new Set(report.steps.filter(({ errors }) => errors.length > 0).map(({ plan }) => plan.topic)).size,
    done,
  };
}

/** One line for a stack's output. */
export function describe({ covered, waiting, failed, done }: LookSummary): string {
  const actions = Object.entries(done).map(([kind, count]) => `${kind} ${count}`);
  return [`topics covered ${covered}`, `waiting ${waiting}`, `failed ${failed}`, ...actions].join(', ');
}

/** Logs every step with its topic and adds the look's counts to the metrics. */
export function publish(report: LookReport, logger: Logger, metrics: Metrics): LookSummary {
  for (const { plan, done, errors } of report.steps) {
    for (const [index, action] of plan.actions.entries())
      if (done[index] !== undefined) logger.info(`${plan.topic}: ${action.kind} ${done[index]}`, { action });
    for (const error of errors) {
      const { code, safe, next } = error;
      logger.error(error.message, { topic: plan.topic, code, safe, next, error });
    }
  }
  const summary = summarize(report);
  metrics.addMetric('TopicsCovered', MetricUnit.Count, summary.covered);
  metrics.addMetric('TopicsWaiting', MetricUnit.Count, summary.waiting);
  metrics.addMetric('ReconcileFailures', MetricUnit.Count, summary.failed);
  for (const { kind, name } of COUNTED) {
    const count = summary.done[kind] ?? 0;
    if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
  }
  return summary;
}
