import { flowPolicy } from '../../../config/flow-policy.ts';
import type { Flow } from '../../../config/flow-schema.ts';
import { flowName, flowOf } from '../../../flow/flow.ts';
import { RepairIntoCopyError } from '../../../ledger/repair/errors.ts';
import type { RepairWanted } from '../../../ledger/repair/repair.ts';
import type { Arguments, Option } from '../../arguments.ts';
import { UsageError } from '../../errors.ts';

export const REPAIR_OPTIONS: readonly Option[] = [
  { name: 'to', value: 'topic', summary: 'with repair: the topic on the target that records are written to' },
  { name: 'apply', summary: 'with repair: write them; without it nothing is written' },
  { name: 'again', summary: 'with repair: also those that were written before' },
];

/**
 * @param all every flow of the file that is enabled
 * @throws UsageError, RepairIntoCopyError
 */
export function repairWanted(args: Arguments, flow: Flow, all: readonly Flow[]): RepairWanted {
  const to = args.text('to');
  if (to === undefined)
    throw new UsageError(
      'gaps repair has to be told where records are to be written',
      'Name a topic on the target with --to. causeway gaps --help shows its options.',
    );
  for (const other of all) if (other.target.alias === flow.target.alias) refuseCopy(to, other);
  const onward = all.filter(({ source }) => source.alias === flow.target.alias);
  return {
    flow: flowOf(flow),
    topic: args.text('topic'),
    to,
    again: args.flag('again'),
    copiedOn: onward.flatMap((other) => copiedOnBy(to, other)),
  };
}

/** A topic that the flow writes, or would as soon as its source has one of the name. */
function refuseCopy(to: string, flow: Flow): void {
  const { policy, covers, remoteTopic } = flowPolicy(flow);
  const name = flowName(flowOf(flow));
  if (policy.isInternal(to) || policy.isHeartbeats(to)) throw new RepairIntoCopyError(to, 'it is an internal topic');
  const upstream = policy.upstreamTopic(to);
  if (upstream === undefined || remoteTopic(upstream) !== to || !covers(upstream).covered) return;
  throw new RepairIntoCopyError(to, `${name} copies ${upstream} to it`);
}

function copiedOnBy(to: string, flow: Flow): readonly string[] {
  const { covers, remoteTopic } = flowPolicy(flow);
  if (!covers(to).covered) return [];
  return [`${flowName(flowOf(flow))} copies it on to ${flow.target.alias}, as ${remoteTopic(to)}`];
}
