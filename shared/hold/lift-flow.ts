import { HoldOutranked } from '../append/errors.ts';
import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import { sideBySide } from '../reconcile/side-by-side.ts';
import { HoldNotChanged, HoldTimeOver } from './errors.ts';
import { partitionsOf } from './flow-partitions.ts';
import type { NotYet } from './hold-flow.ts';
import type { LiftPorts } from './ports.ts';

/** A read and a write of one item each. */
const PARTITIONS_AT_ONCE = 32;

export interface FlowLiftedReport {
  readonly lifted: readonly FlowPartition[];
  /** Held still, or not known not to be, and partitions that are not known: empty when the whole flow is free. */
  readonly notYet: readonly NotYet[];
}

/**
 * Lifts the hold of a flow and of all its partitions. The flow's comes first: from then on no partition can be claimed
 * for it any more, so one pass frees them all, also from who is still at holding them. Whoever comes too early to a
 * partition in between is refused with FLOW_HELD, and comes again. To be called again until `notYet` is empty.
 *
 * A generation that has begun to lift does not hold again.
 *
 * @param until no partition is begun from then on, ms since the epoch
 * @throws HoldOutranked when a higher generation holds the flow; what the table throws
 */
export async function liftFlow(
  ports: LiftPorts,
  generation: number,
  { until }: { readonly until: number },
): Promise<FlowLiftedReport> {
  const { flow, holds } = ports;
  const stands = await holds.lift(generation);
  if (stands) throw new HoldOutranked(flow, generation, stands);
  // Retired topics too: one may have become so since, and be taken up again.
  const { partitions, error: unknown } = await partitionsOf(await ports.topics(), ports);
  const lifted: FlowPartition[] = [];
  const notYet: NotYet[] = unknown ? [{ partition: undefined, error: unknown }] : [];
  await sideBySide(
    partitions,
    async ({ partition }) => {
      try {
        if (ports.now() >= until) throw new HoldTimeOver(partition);
        if ((await ports.lift(partition, generation)) === 'lifted') lifted.push(partition);
      } catch (cause) {
        const error = cause instanceof CausewayError ? cause : new HoldNotChanged(partition, cause);
        notYet.push({ partition, error });
      }
    },
    undefined,
    PARTITIONS_AT_ONCE,
  );
  return { lifted, notYet };
}
