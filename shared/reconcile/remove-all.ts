import type { FlowId } from '../flow/flow.ts';
import { FlowState } from '../ledger/topic-registry.ts';
import { isCausewayGroup } from './consumer-group.ts';
import { MappingsRemainError } from './errors.ts';
import type { ReconcilePorts } from './ports.ts';

/** How often Lambda is asked whether a mapping is gone, ms. */
const POLL_MS = 2_000;

/**
 * Removes every mapping that the flow made, and waits until Lambda shows none. First notes the flow as removed, so that
 * a run in progress makes no more. Topics, records and the offset map stay; a flow deployed again goes on from there.
 * @returns how many mappings were removed
 * @throws MappingsRemainError when some are left at `until` (ms since the epoch)
 */
export async function removeAll(
  flow: FlowId,
  ports: Pick<ReconcilePorts, 'mappings' | 'registry' | 'clock'>,
  until: number,
): Promise<number> {
  const { mappings, registry, clock } = ports;
  await registry.setFlowState(FlowState.Removed);
  const removed = new Set<string>();
  for (;;) {
    const left = (await mappings.list()).filter((mapping) => isCausewayGroup(mapping.group));
    if (left.length === 0) return removed.size;
    for (const { uuid, phase } of left) {
      if (phase !== 'deleting') await mappings.remove(uuid);
      removed.add(uuid);
    }
    if (clock.now() + POLL_MS >= until)
      throw new MappingsRemainError(
        flow,
        left.map(({ uuid }) => uuid),
      );
    await clock.wait(POLL_MS);
  }
}
