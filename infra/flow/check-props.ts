import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { packVariable } from '../../shared/adapters/lambda/packed-variable.ts';
import { isPollerGroup } from '../../shared/config/poller-group.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import { flowName } from '../../shared/flow/flow.ts';
import { clusterFaults } from './check-cluster.ts';
import { unknownProps } from './known-props.ts';
import type { ReplicationFlowProps } from './props.ts';
import { runbookFaults } from './runbooks/props.ts';

/** Lambda takes 4 KB of environment variables; what the others need stays below 1.5 KB. */
export const MAX_CONFIGURATION_BYTES = 2_560;

const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;

/** A `ReplicationFlow` was given properties that cannot work; the message lists every fault. */
export class InvalidFlowPropsError extends CausewayError {
  readonly code = 'INVALID_FLOW_PROPS';
  readonly retriable = false;
  readonly faults: readonly string[];

  constructor(flow: string, faults: readonly string[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super(`ReplicationFlow ${flow}: ${count}\n${faults.map((fault) => `  - ${fault}`).join('\n')}`, {
      safe: 'Nothing was built or deployed.',
      next: 'Correct the properties named, all of them at once.',
    });
    this.faults = faults;
  }
}

/** @throws InvalidFlowPropsError with every fault, before anything is built */
export function checkProps(props: ReplicationFlowProps, stackRegion: string | undefined): void {
  const { flow, source, target } = props;
  const faults: string[] = [...unknownProps(props)];
  const configurationBytes = packVariable(props.configuration).length;
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  check(flow.source !== '' && flow.target !== '', 'flow: both aliases are needed');
  check(flow.source !== flow.target, `flow: source and target are both ${flow.source}`);
  // A pair that copies nothing does nothing with its source.
  if (!props.heartbeatsOnly) faults.push(...clusterFaults('source', source));
  faults.push(...clusterFaults('target', target));
  check(
    stackRegion !== undefined,
    'the stack has no concrete region: give it env.region, so that the flow knows which halves belong there',
  );
  check(
    stackRegion === undefined || [source.region, target.region].includes(stackRegion),
    `the stack is in ${stackRegion}; the flow's halves belong in ${source.region} and ${target.region}`,
  );
  check(
    configurationBytes <= MAX_CONFIGURATION_BYTES,
    `configuration: ${configurationBytes} bytes when packed, Lambda's environment has room for ${MAX_CONFIGURATION_BYTES}`,
  );
  check(props.configuration !== '', 'configuration: is empty');
  const between = (name: string, value: number | undefined, least: number, most: number) =>
    check(
      value === undefined || (Number.isInteger(value) && value >= least && value <= most),
      `${name}: ${value} is not a whole number from ${least} to ${most}`,
    );
  const { polling = {}, replicate = {} } = props;
  between('polling.batchSize', polling.batchSize, 1, 10_000);
  between('polling.batchingWindowSeconds', polling.batchingWindowSeconds, 0, 300);
  between('polling.minimumPollers', polling.minimumPollers, 1, 200);
  between('polling.maximumPollers', polling.maximumPollers, 1, 2_000);
  const { minimumPollers = 1, maximumPollers = Math.max(10, minimumPollers) } = polling;
  check(
    minimumPollers <= maximumPollers,
    `polling: minimumPollers ${minimumPollers} is above maximumPollers ${maximumPollers}`,
  );
  check(
    polling.mode !== 'on-demand' || (polling.minimumPollers ?? polling.maximumPollers) === undefined,
    'polling: on-demand mode takes no minimumPollers or maximumPollers',
  );
  const { pollerGroup } = polling;
  check(
    pollerGroup === undefined || isPollerGroup(pollerGroup),
    `polling.pollerGroup: ${pollerGroup} is not up to 128 letters, digits, dashes and underscores`,
  );
  check(polling.mode !== 'on-demand' || pollerGroup === undefined, 'polling: on-demand mode takes no pollerGroup');
  between('replicate.memoryMb', replicate.memoryMb, 128, 10_240);
  between('replicate.timeoutSeconds', replicate.timeoutSeconds, 30, 840);
  between('checkpointMemoryMb', props.checkpointMemoryMb, 256, 10_240);
  between('lookEverySeconds', props.lookEverySeconds, 5, 60);
  between('verify.everyMinutes', props.verify?.everyMinutes, 1, 1_440);
  check(
    props.logRetentionDays === undefined || RetentionDays[props.logRetentionDays] !== undefined,
    `logRetentionDays: CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, ... days, not ${props.logRetentionDays}`,
  );
  check(
    props.namePrefix === undefined || /^[a-z][a-z0-9-]{0,19}$/.test(props.namePrefix),
    `namePrefix: ${props.namePrefix} is not up to 20 lower-case letters, digits and dashes, beginning with a letter`,
  );
  check(
    props.offsetMapKeyArn === undefined || props.offsetMapKeyArn.split(':')[3] === target.region,
    `offsetMapKeyArn: the key has to be in the target region ${target.region}`,
  );
  const arrive = props.heartbeatsOnly || props.heartbeatsArrive;
  faults.push(...runbookFaults(props.runbooks ?? {}, props.heartbeats, arrive));
  const { topic: syncs = 'none' } = props.offsetSyncs ?? {};
  // In a role's policy `*` would stand for every topic.
  check(TOPIC_NAME.test(syncs), `offsetSyncs.topic: ${syncs} is no name that Kafka takes for a topic`);
  if (faults.length > 0) throw new InvalidFlowPropsError(flowName(flow), faults);
}
