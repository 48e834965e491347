import type { Flow } from '../../config/flow-schema.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import { type Change, type Explanation, type Finding, Rule } from './explanation.ts';
import type { WrittenFile } from './written-file.ts';

type Ends = { readonly [end in 'source' | 'target']: Pick<Flow['source'], 'alias'> };

/** What is known of a pair that neither copies nor writes heartbeats, too. */
type Pair = Ends & Pick<Flow, 'enabled'>;

export function flowOf({ source, target }: Ends): FlowId {
  return { source: source.alias, target: target.alias };
}

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
