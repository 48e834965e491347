import type { ConsumerId } from '../ports/consumers.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import { includes } from './consumer-id.ts';

/**
 * Mappings that were moved and do not deliver yet on the cluster that was moved to.
 * @throws CausewayError
 */
export async function notRunning({ consumers }: Pick<RunbookPorts, 'consumers'>): Promise<readonly ConsumerId[]> {
  const mark = await consumers?.to.marks.read();
  if (consumers === undefined || mark === undefined || mark.inUse.length === 0) return [];
  const all = await consumers.to.mappings.list();
  return all.filter((each) => each.state !== 'enabled' && includes(mark.inUse, each));
}
