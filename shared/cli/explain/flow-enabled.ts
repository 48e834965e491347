import type { Flow } from '../../config/flow-schema.ts';
import { type FlowEnds, type FlowId, flowName, flowOf } from '../../flow/flow.ts';
import { type Change, type Explanation, type Finding, Rule } from './explanation.ts';
import type { WrittenFile } from './written-file.ts';

/** What is known of a pair that neither copies nor writes heartbeats, too. */
type Pair = FlowEnds & Pick<Flow, 'enabled'>;

/** A pair that is not enabled copies nothing, whatever else holds for it. */
export function notEnabled(flow: Pair, file: WrittenFile): readonly Finding[] {
  if (flow.enabled) return [];
  const id = flowOf(flow);
  return [file.finding(id, Rule.FlowNotEnabled, 'enabled', `the flow ${flowName(id)} is not enabled`)];
}

export function enabling(flow: Pair, file: WrittenFile): readonly Change[] {
  return flow.enabled ? [] : [file.change(flowOf(flow), 'enabled', 'true', 'start', 'the flow enabled')];
}

/** Of a pair that the file does not speak of, nothing else can be said. */
export function explainAbsent(id: FlowId, says: string, file: WrittenFile): Explanation {
  const pair = { source: { alias: id.source }, target: { alias: id.target }, enabled: false };
  return {
    flow: id,
    replicated: false,
    says,
    because: notEnabled(pair, file),
    facts: [],
    changes: enabling(pair, file),
  };
}
