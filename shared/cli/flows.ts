import type { Configuration } from '../config/configuration.ts';
import type { Flow } from '../config/flow-schema.ts';
import { nearest } from '../config/nearest.ts';
import { type FlowId, flowName, flowOf } from '../flow/flow.ts';
import { UsageError } from './errors.ts';

/**
 * The flows that `--flow` asks for: all without it; none for a pair of clusters that neither copies nor writes heartbeats.
 * @throws UsageError
 */
export function flowsAsked(written: string | undefined, configuration: Configuration): readonly Flow[] {
  if (written === undefined) return configuration.flows;
  const name = flowName(namedFlow(written, configuration));
  return configuration.flows.filter((flow) => flowName(flowOf(flow)) === name);
}

/**
 * The pair that `--flow` names, whether it is enabled or not.
 * @throws UsageError
 */
export function namedFlow(written: string, configuration: Configuration): FlowId {
  const aliases = configuration.clusters.map(({ alias }) => alias);
  const pairs = aliases.flatMap((source) =>
    aliases.filter((target) => target !== source).map((target) => ({ source, target })),
  );
  const found = pairs.find((pair) => flowName(pair) === written || withoutQuotes(pair) === written);
  if (found !== undefined) return found;
  const names = pairs.map(flowName);
  const cut = pairs.find(({ source }) => written === `${source}-`);
  if (cut !== undefined)
    throw new UsageError(
      `--flow ${written} is half a flow: the shell took the > for itself`,
      `Put it in quotes: --flow '${flowName(cut)}'. What was printed may be in a file named after the target.`,
    );
  const near = nearest(written, names);
  throw new UsageError(
    `there is no flow ${written}${near === undefined ? '' : `; did you mean '${near}'?`}`,
    `The configuration has ${aliases.join(', ')}; a flow is written '${names[0] ?? 'A->B'}', in quotes, or ${pairs[0] === undefined ? 'A:B' : withoutQuotes(pairs[0])}.`,
  );
}

/** The form that no shell takes apart; aliases have no colons. */
export function withoutQuotes({ source, target }: FlowId): string {
  return `${source}:${target}`;
}
