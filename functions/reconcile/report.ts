import type { Logger } from '@aws-lambda-powertools/logger';
import type { CausewayError } from '../../shared/flow/errors.ts';
import { messageOf } from '../../shared/flow/errors.ts';
import { describePartition } from '../../shared/flow/flow.ts';
import { describeHold } from '../../shared/ledger/hold.ts';
import { describeTopicAcl } from '../../shared/policy/acl-selection.ts';
import type { AclSync } from '../../shared/reconcile/acls/sync-acls.ts';
import type { Action } from '../../shared/reconcile/action.ts';
import { ConfigRefusedError, ConfigUnknownError } from '../../shared/reconcile/configs/errors.ts';
import type { InStep } from '../../shared/reconcile/keep-in-step.ts';
import type { LookReport } from '../../shared/reconcile/reconcile.ts';
import type { RenewalReport } from '../../shared/reconcile/renew.ts';
import { detailsOf } from '../describe-error.ts';
import type { Meter } from '../meter.ts';

const COUNTED = [
  { kind: 'create-remote-topic', name: 'RemoteTopicsCreated' },
  { kind: 'delete-remote-topic', name: 'RemoteTopicsDeleted' },
  { kind: 'grow-remote-topic', name: 'RemoteTopicsGrown' },
  { kind: 'create-mapping', name: 'MappingsCreated' },
  { kind: 'update-mapping', name: 'MappingsUpdated' },
  { kind: 'delete-mapping', name: 'MappingsRemoved' },
] as const satisfies readonly { readonly kind: Action['kind']; readonly name: string }[];

const ENDS = {
  'flow-removed': `The flow is noted as removed, so nothing is looked at. If its stack stands, deploy it again.`,
  'deployed-anew': 'The flow was deployed anew while this run looked: the newer one goes on.',
  'time-over': 'The time was over before every topic was looked at: the next run goes on.',
} as const satisfies Record<NonNullable<LookReport['ended']>, string>;

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

/** Logs every step with its topic and adds the look's counts to the metrics. */
export function publish(report: LookReport, logger: Logger, meter: Meter): LookSummary {
  for (const { plan, done, errors } of report.steps) {
    for (const [index, action] of plan.actions.entries())
      if (done[index] !== undefined) logger.info(`${plan.topic}: ${action.kind} ${done[index]}`, { action });
    for (const error of errors) logError(error, logger, { topic: plan.topic });
  }
  publishInStep(report.inStep, logger, meter);
  if (report.ended !== undefined) logger.warn(ENDS[report.ended]);
  if (report.hold !== undefined)
    logger.warn(`The flow is ${describeHold(report.hold)}: its mappings stay disabled, and no topic is taken on.`, {
      hold: report.hold,
    });
  meter.add('FlowHeld', report.hold === undefined ? 0 : 1);
  const summary = summarize(report);
  meter.add('TopicsCovered', summary.covered);
  meter.add('RemoteTopicsOrphaned', report.orphans.length);
  meter.add('TopicsWaiting', summary.waiting);
  meter.add('ReconcileFailures', summary.failed);
  for (const { kind, name } of COUNTED) {
    const count = summary.done[kind] ?? 0;
    if (count > 0) meter.add(name, count);
  }
  return summary;
}

/** What a comparison of all topics found and put right, and what it could not. */
function publishInStep({ configs, acls, errors }: InStep, logger: Logger, meter: Meter): void {
  for (const error of errors) logError(error, logger, keyOf(error));
  for (const { pair, changes } of configs?.changed ?? [])
    logger.info(`${pair.topic}: settings of ${pair.remoteTopic} changed`, { changes });
  if (configs !== undefined) meter.add('ConfigsDrifted', configs.drifted);
  if (acls !== undefined) publishAcls(acls, logger, meter);
  if (errors.length > 0) meter.add('SyncFailures', errors.length);
}

function keyOf(error: CausewayError): Readonly<Record<string, string>> {
  return error instanceof ConfigRefusedError || error instanceof ConfigUnknownError ? { key: error.key } : {};
}

function publishAcls(acls: AclSync, logger: Logger, meter: Meter): void {
  const { created, revoked, ofPatterns, withoutAuthorizer } = acls;
  if (withoutAuthorizer !== undefined)
    logger.info(`${withoutAuthorizer} has no authorizer, so there are no ACLs to keep in step`);
  for (const { remoteTopic, acl } of created) logger.info(`${remoteTopic}: gave ${describeTopicAcl(acl)}`);
  for (const { remoteTopic, acl } of revoked) logger.info(`${remoteTopic}: took back ${describeTopicAcl(acl)}`);
  const denied = ofPatterns.filter(({ permission }) => permission === 'DENY');
  if (denied.length > 0)
    logger.warn(
      `${denied.length} ACLs deny rights on topics of some form of name, which is not carried over to the copies: deny them on the target by hand`,
      { denied },
    );
  meter.add('AclsCreated', created.length);
  meter.add('AclsRevoked', revoked.length);
}

/** A look that could not be made at all: a cluster, the table or Lambda does not answer. */
export function publishFailure(flow: string, error: unknown, logger: Logger, meter: Meter): void {
  logger.error(`${flow}: topics could not be looked at: ${messageOf(error)}`, detailsOf(error));
  meter.add('LooksFailed', 1);
}

/** Logs each renewed producer and what stood in the way of others, and counts both. */
export function publishRenewals({ renewed, errors }: RenewalReport, logger: Logger, meter: Meter): void {
  for (const partition of renewed) logger.info(`${describePartition(partition)}: producer renewed`);
  for (const error of errors) logError(error, logger);
  if (renewed.length > 0) meter.add('ProducersRenewed', renewed.length);
  if (errors.length > 0) meter.add('RenewalsFailed', errors.length);
}

function logError(error: CausewayError, logger: Logger, more: Readonly<Record<string, string>> = {}): void {
  logger.error(error.message, { ...more, ...detailsOf(error) });
}
