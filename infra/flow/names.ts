import { createHash } from 'node:crypto';
import { type FlowId, flowName } from '../../shared/flow/flow.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Longest name of a Lambda function and of an IAM role. */
const MAX_LENGTH = 64;

/** Begins physical names unless a deployment says otherwise. */
export const DEFAULT_PREFIX = 'causeway';

const BETWEEN = '-to-';

/** What names of a flow's own things have of the flow; where another flow could have the same, the digest stands in. */
export function pairName(flow: FlowId): {
  readonly pair: string;
  readonly unambiguous: boolean;
  readonly digest: string;
} {
  const pair = flow.source + BETWEEN + flow.target;
  const unambiguous = pair.indexOf(BETWEEN) === pair.lastIndexOf(BETWEEN);
  return { pair, unambiguous, digest: createHash('sha256').update(flowName(flow)).digest('hex').slice(0, 16) };
}

/**
 * Physical name of one of a flow's resources, the same in every region: `causeway-us-east-to-us-west-replicate`. Halves
 * in two stacks find each other by it. Aliases that would make it too long, invalid or ambiguous are hashed.
 * @param resource undefined: what stands for the flow as a whole
 */
export function physicalName(prefix: string, flow: FlowId, resource?: string): string {
  const { pair, unambiguous, digest } = pairName(flow);
  const named = (ofFlow: string) => [prefix, ofFlow, ...(resource === undefined ? [] : [resource])].join('-');
  const name = named(pair);
  if (unambiguous && name.length <= MAX_LENGTH && /^[a-zA-Z0-9_-]+$/.test(pair)) return name;
  return named(digest);
}

/** Name of a flow's offset map, known to both halves without asking. */
export function offsetMapName({ namePrefix = DEFAULT_PREFIX, flow }: ReplicationFlowProps): string {
  return physicalName(namePrefix, flow, 'offset-map');
}

/** Name of the page on the flow as a whole, or of that on what is told beside its source. */
export function dashboardName(
  { namePrefix = DEFAULT_PREFIX, flow }: ReplicationFlowProps,
  side: 'source' | 'target',
): string {
  return physicalName(namePrefix, flow, side === 'target' ? undefined : side);
}
