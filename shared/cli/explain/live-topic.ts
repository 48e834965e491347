import type { SeenTopic } from '../../../functions/reconcile/plan-response.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { CausewayError } from '../../flow/errors.ts';
import { describeHold } from '../../ledger/hold.ts';
import { type ErrorReport, reportError } from '../error-report.ts';
import { type LiveTopic, seeTopic } from '../plan/plan-flow.ts';
import { counted } from '../terminal/page.ts';
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
export function isAsExplained({ replicated }: Pick<Explanation, 'replicated'>, live: Live): boolean {
  if ('error' in live) return false;
  const { seen, next, removed } = live;
  if (!replicated) return seen.mappings.length === 0;
  return !removed && next?.fault === undefined && seen.target !== undefined && isFed(seen);
}

function isFed({ mappings }: SeenTopic): boolean {
  return mappings.some(({ phase, enabled }) => phase === 'settled' && enabled);
}

/** For the text, in the order of a record's way. */
export function liveFacts({ source, target }: Flow, topic: string, live: Live): readonly Fact[] {
  if ('error' in live) return [{ label: 'live', text: `${live.error.code}: ${live.error.what}. ${live.error.next}` }];
  const { seen, next, removed, hold } = live;
  const steps = next === undefined ? [] : [...next.steps, ...(next.waitingFor === undefined ? [] : [next.waitingFor])];
  return [
    { label: source.alias, text: there(topic, seen.source) },
    { label: 'mapping', text: seen.mappings.map(describeMapping).join('; ') || 'none: nothing is read from it' },
    { label: target.alias, text: there(seen.remoteTopic, seen.target) },
    ...(removed ? [{ label: 'note', text: 'the flow’s stack is being destroyed' }] : []),
    ...(hold === undefined ? [] : [{ label: 'note', text: `the flow is ${describeHold(hold)}: nothing is copied` }]),
    ...(next?.fault === undefined ? [] : [{ label: next.fault.code, text: `${next.fault.what}. ${next.fault.next}` }]),
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
