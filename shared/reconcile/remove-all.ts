import type { FlowId } from '../flow/flow.ts';
import { FlowState } from '../ledger/topic-registry.ts';
import { isCausewayGroup } from './consumer-group.ts';
import { MappingsRemainError, MappingsUnknownError, type StuckMapping } from './errors.ts';
import type { ReconcilePorts } from './ports.ts';
import { sideBySide } from './side-by-side.ts';

/** How often Lambda is asked whether a mapping is gone, ms. */
const POLL_MS = 2_000;

export interface Removal {
  /** Mappings whose deletion Lambda took on. */
  readonly removed: number;
  /** Those that Lambda still showed when the time was over; it ends their deletion by itself. */
  readonly leaving: readonly string[];
  /** Why the flow could not be noted as removed; undefined when it was. */
  readonly unmarked: unknown;
}

/**
 * Removes every mapping that the flow made, and waits until Lambda shows none. First notes the flow as removed, so that
 * a run in progress makes no more; where the table is gone or out of reach no run makes any either, as each asks it
 * first. Asks no cluster. Topics, records and the offset map stay; a flow deployed again goes on from there.
 * @throws MappingsRemainError when Lambda would not delete some of them until `until` (ms since the epoch)
 * @throws MappingsUnknownError when Lambda would not even list them
 */
export async function removeAll(
  flow: FlowId,
  ports: Pick<ReconcilePorts, 'mappings' | 'registry' | 'clock'>,
  { until, deployment }: { readonly until: number; readonly deployment: string },
): Promise<Removal> {
  const { mappings, registry, clock } = ports;
  const unmarked = await failureOf(registry.setFlow({ state: FlowState.Removed, deployment }));
  const removed = new Set<string>();
  const refusals = new Map<string, unknown>();

  const remove = async (uuid: string): Promise<void> => {
    refusals.delete(uuid);
    const failure = await failureOf(mappings.remove(uuid).then((done) => done === 'removed' && removed.add(uuid)));
    if (failure !== undefined) refusals.set(uuid, failure);
  };

  for (;;) {
    const listed = await mappings.list().catch((error: unknown) => ({ error }));
    const left = 'error' in listed ? [] : listed.filter((mapping) => isCausewayGroup(mapping.group));
    if (!('error' in listed) && left.length === 0) return { removed: removed.size, leaving: [], unmarked };
    await sideBySide(
      left.filter((mapping) => mapping.phase !== 'deleting'),
      ({ uuid }) => remove(uuid),
      () => clock.now() < until,
    );
    if (clock.now() + POLL_MS >= until) {
      if ('error' in listed) throw new MappingsUnknownError(flow, listed.error);
      const stuck = left.flatMap(({ uuid, phase }): StuckMapping[] =>
        phase === 'deleting' || removed.has(uuid) ? [] : [{ uuid, refusal: refusals.get(uuid) }],
      );
      if (stuck.length > 0) throw new MappingsRemainError(flow, stuck);
      return { removed: removed.size, leaving: left.map(({ uuid }) => uuid), unmarked };
    }
    await clock.wait(POLL_MS);
  }
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error ?? new Error('unknown');
  }
}
