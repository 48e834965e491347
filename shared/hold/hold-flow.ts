import { HoldOutranked } from '../append/errors.ts';
import type { HoldResult } from '../append/hold.ts';
import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import type { Hold } from '../ledger/hold.ts';
import { type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { Head } from '../offsets/head.ts';
import { sideBySide } from '../reconcile/side-by-side.ts';
import type { RunbookKind } from '../runbook/runbook.ts';
import { HoldNotChanged, HoldTimeOver } from './errors.ts';
import { partitionsOf } from './flow-partitions.ts';
import type { HoldPorts } from './ports.ts';

/** Take-overs side by side: three requests to the target each, most of their time a wait for a marker. */
const PARTITIONS_AT_ONCE = 16;

export interface HeldPartition {
  readonly partition: FlowPartition;
  /** Exact: all that ever landed is in it, and nothing more does until the hold is lifted. */
  readonly head: Head;
}

export interface FlowHeldReport {
  readonly hold: Hold;
  readonly held: readonly HeldPartition[];
  /** Nothing was ever appended to them, and nothing is while the hold stands. */
  readonly notBegun: readonly FlowPartition[];
  /** Not held, or not known to be, and partitions that are not known: empty when the whole flow is held. */
  readonly notYet: readonly NotYet[];
}

export interface NotYet {
  /** Undefined: of a topic whose partitions are not known. */
  readonly partition: FlowPartition | undefined;
  readonly error: CausewayError;
}

/**
 * Holds a flow: nothing that still runs can append to its remote topics, even if the source region cannot be reached.
 * The flow's hold is placed first, so that no HEAD is created of which this does not know; then every partition is taken
 * over and held. To be called again until `notYet` is empty: what is held already costs one read.
 *
 * @param until no partition is begun from then on, and each ends by then, ms since the epoch
 * @param last partitions that are begun after all others: without a leader they take all the time that there is
 * @throws HoldOutranked when a higher generation holds the flow; what the table throws
 */
export async function holdFlow(
  ports: HoldPorts,
  generation: number,
  kind: RunbookKind,
  { until, last }: { readonly until: number; readonly last?: ((partition: FlowPartition) => boolean) | undefined },
): Promise<FlowHeldReport> {
  const { flow, holds } = ports;
  const hold = await holds.place({ generation, since: ports.now(), kind });
  if (hold.generation !== generation) throw new HoldOutranked(flow, generation, hold);
  const items = (await ports.topics()).filter((item) => mayBeAppendedTo(item, ports.now()));
  const { partitions: all, error: unknown } = await partitionsOf(items, ports);
  const partitions = all.toSorted((a, b) => Number(last?.(a.partition) ?? 0) - Number(last?.(b.partition) ?? 0));
  const order = { generation, current: () => holds.current() };
  const results = await sideBySide(
    partitions,
    async ({ partition, item }): Promise<HoldResult> => {
      if (ports.now() >= until) return { kind: 'stopped', error: new HoldTimeOver(partition) };
      return ports.hold(partition, item, order, until).catch((cause: unknown) => {
        const error = cause instanceof CausewayError ? cause : new HoldNotChanged(partition, cause);
        return { kind: 'stopped', error } as const;
      });
    },
    undefined,
    PARTITIONS_AT_ONCE,
  );
  const held: HeldPartition[] = [];
  const notBegun: FlowPartition[] = [];
  const notYet: NotYet[] = unknown ? [{ partition: undefined, error: unknown }] : [];
  for (const [i, { partition }] of partitions.entries()) {
    const result = results[i];
    if (result?.kind === 'held') held.push({ partition, head: result.head });
    else if (result?.kind === 'not-begun') notBegun.push(partition);
    else if (result) notYet.push({ partition, error: result.error });
  }
  return { hold, held, notBegun, notYet };
}

/** A topic that is being drained may have deliveries that are still running. */
function mayBeAppendedTo({ state, drainedAfter }: TopicItem, now: number): boolean {
  if (state !== TopicState.Draining) return state === TopicState.Active;
  return drainedAfter === undefined || now < drainedAfter;
}
