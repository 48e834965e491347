import type { Flow } from '../config/flow-schema.ts';
import { flowName, flowOf } from '../flow/flow.ts';
import type { LoadedConfiguration } from './configuration-file.ts';
import { enabledFlows } from './enabled-flows.ts';
import { UsageError } from './errors.ts';
import { withoutQuotes } from './flows.ts';

/**
 * The flow of a command that changes something: which one is never guessed.
 * @param meant `whose applications are to be moved`
 * @throws UsageError, FlowNotEnabledError
 */
export function oneFlow(written: string | undefined, loaded: LoadedConfiguration, meant: string): Flow {
  const flows = enabledFlows(written, loaded);
  const [flow, ...others] = flows;
  if (flow !== undefined && others.length === 0) return flow;
  const example = flow === undefined ? 'A:B' : withoutQuotes(flowOf(flow));
  throw new UsageError(
    `there is more than one flow: ${flows.map((each) => flowName(flowOf(each))).join(', ')}`,
    `Name the one ${meant}: --flow ${example}.`,
  );
}
