import type { SeenTopic } from '../../../functions/reconcile/plan-response.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { counted } from '../../counted.ts';
import { CausewayError } from '../../flow/errors.ts';
import { describeHold } from '../../ledger/hold.ts';
import { FILE_NOT_DEPLOYED } from '../../status/deployed.ts';
import { type ErrorReport, reportError } from '../error-report.ts';
import { type LiveTopic, seeTopic } from '../plan/plan-flow.ts';
import type { Explanation, Fact } from './explanation.ts';

/** What a flow's `reconcile` finds of a topic, or why it could not be asked. */
export type Live = LiveTopic | { readonly error: ErrorReport };

/** Asks the deployed `reconcile`: what the configuration says need not be so yet. */
export async function askLive(flow: Flow, topic: string, prefix: string): Promise<Live> {
  try {
    return await seeTopic(flow, prefix, topic);
  } catch (error) {
    if (error instanceof CausewayError) return { error: reportError(error, false) };
    throw error;
  }
}

/** Whether what the configuration says is so: records of the topic are being copied, or none are. */
export function isAsExplained(explained: Pick<Explanation, 'replicated'>, live: Live): boolean {
  return differs(explained, live) === undefined;
}

/** An explanation with what was found: its first sentence is what is so, and not only what the file wants. */
export function withLive<T extends Explanation>(explanation: T, flow: Flow, topic: string, live: Live): T {
  const difference = differs(explanation, live);
  const says = difference === undefined ? explanation.says : `${explanation.says} by the file, but ${difference}`;
  return { ...explanation, says, facts: [...explanation.facts, ...liveFacts(flow, topic, live)] };
}

/** What is otherwise than the file has it; undefined: nothing. */
function differs({ replicated }: Pick<Explanation, 'replicated'>, live: Live): string | undefined {
  if ('error' in live) return 'whether it is so is not known';
  const { seen, next, removed, hold, fileIsDeployed } = live;
  if (!replicated) return seen.mappings.length === 0 ? undefined : 'an event source mapping still reads it';
  if (removed) return 'the flow’s stack is being destroyed';
  if (seen.source === undefined) return 'the source has no such topic';
  if (next?.fault !== undefined) return `it cannot be: ${next.fault.code}`;
  if (hold !== undefined) return `the flow is ${describeHold(hold)}`;
  if (seen.target !== undefined && isFed(seen)) return undefined;
  return fileIsDeployed === false ? 'the file is not what was deployed' : 'it is not yet: see what is to do';
}

function isFed({ mappings }: SeenTopic): boolean {
  return mappings.some(({ phase, enabled }) => phase === 'settled' && enabled);
}

/** For the text, in the order of a record's way. */
export function liveFacts({ source, target }: Flow, topic: string, live: Live): readonly Fact[] {
  if ('error' in live) {
    const { code, what, next } = live.error;
    return [
      { label: 'live', text: code },
      { label: 'what', text: what },
      { label: 'next', text: next },
    ];
  }
  const { seen, next, removed, hold, fileIsDeployed } = live;
  const steps = next === undefined ? [] : [...next.steps, ...(next.waitingFor === undefined ? [] : [next.waitingFor])];
  return [
    { label: source.alias, text: there(topic, seen.source) },
    { label: 'mapping', text: seen.mappings.map(describeMapping).join('; ') || 'none: nothing is read from it' },
    { label: target.alias, text: there(seen.remoteTopic, seen.target) },
    ...(fileIsDeployed === false
      ? [{ label: 'note', text: `${FILE_NOT_DEPLOYED}: deploy it; what is found here is of what was deployed` }]
      : []),
    ...(next?.gone === undefined ? [] : [{ label: 'note', text: next.gone }]),
    ...(removed ? [{ label: 'note', text: 'the flow’s stack is being destroyed' }] : []),
    ...(hold === undefined ? [] : [{ label: 'note', text: `the flow is ${describeHold(hold)}: nothing is copied` }]),
    ...(next?.fault === undefined
      ? []
      : [
          { label: next.fault.code, text: next.fault.what },
          { label: 'next', text: next.fault.next },
        ]),
    ...(steps.length === 0 ? [{ label: 'to do', text: 'nothing' }] : steps.map(toDo)),
  ];
}

function toDo({ says }: { readonly says: string }, index: number): Fact {
  return { label: index === 0 ? 'to do' : 'and', text: says };
}

function there(name: string, found: SeenTopic['source']): string {
  return found === undefined ? `has no topic ${name}` : `has ${name}, ${counted(found.partitions, 'partition')}`;
}

function describeMapping({ uuid, phase, enabled }: SeenTopic['mappings'][number]): string {
  return `${uuid}, ${enabled ? 'enabled' : 'disabled'}${phase === 'settled' ? '' : `, ${phase}`}`;
}
