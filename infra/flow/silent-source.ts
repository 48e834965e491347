import { Annotations, Aspects } from 'aws-cdk-lib';
import { type FlowId, flowName } from '../../shared/flow/flow.ts';
import type { ReplicationFlowProps } from './props.ts';
import { TargetHalf } from './target-half.ts';

/**
 * Warns at synthesis, when all flows of the app are known, where none of them writes the heartbeats that a flow awaits and
 * nobody said that another app does.
 */
export function warnOfSilentSource(half: TargetHalf, props: ReplicationFlowProps): void {
  const { flow, alarms, heartbeatsOnly = false, heartbeatsArrive } = props;
  if (heartbeatsOnly || heartbeatsArrive !== undefined || half.heartbeat === undefined) return;
  if (alarms?.enabled === false) return;
  Aspects.of(half).add({
    visit: (node) => {
      if (node === half && !writersIn(half).some(({ target }) => target === flow.source))
        Annotations.of(half).addWarningV2('causeway:noHeartbeats', `${flowName(flow)}: ${silenceOf(flow)}`);
    },
  });
}

/** Flows of the app that write heartbeats. */
function writersIn({ node }: TargetHalf): readonly FlowId[] {
  return node.root.node
    .findAll()
    .flatMap((each) => (each instanceof TargetHalf && each.heartbeat !== undefined ? [each.flow] : []));
}

function silenceOf({ source, target }: FlowId): string {
  const back = flowName({ source: target, target: source });
  return (
    `no flow of this app writes heartbeats to ${source}, and the alarm heartbeats-missing is on until something does. ` +
    `Make the flow ${back} in it, heartbeatsOnly where it copies nothing; where heartbeats are written by others set ` +
    'heartbeatsArrive to true, and to false for no such alarm'
  );
}
