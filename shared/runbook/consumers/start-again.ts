import type { ConsumerId } from '../ports/consumers.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { LOOK_MS } from '../stages/mappings.ts';
import { answerBy } from './answer.ts';
import { askToEnable } from './ask-to-enable.ts';
import { includes } from './consumer-id.ts';

/**
 * - started: Lambda has taken on to enable them, or there was nothing to be done
 * - changing: not yet, because it is still disabling them
 * - away: it does not answer, or refuses; the mark stays, so that the next run knows of them
 */
export type StartedAgain =
  | { readonly kind: 'started' | 'changing'; readonly mappings: readonly ConsumerId[] }
  | { readonly kind: 'away'; readonly mappings: readonly ConsumerId[]; readonly because: string };

/**
 * Enables the users' mappings that a run has disabled on the cluster that applications stay on, and no others.
 * @param until ms since the epoch. @throws what the table throws when it does not answer
 */
export async function startAgain(
  { generation }: RunbookRun,
  { consumers, clock }: Pick<RunbookPorts, 'consumers' | 'clock'>,
  until: number,
): Promise<StartedAgain> {
  const mark = await consumers?.from.marks.read();
  if (consumers === undefined || mark?.state !== 'stopped') return { kind: 'started', mappings: [] };
  const { inUse, version } = mark;
  const { mappings, marks } = consumers.from;
  const enabling = askToEnable(mappings, (each) => includes(inUse, each), clock, until - LOOK_MS);
  const left = await answerBy(clock, until, enabling);
  if ('because' in left) return { kind: 'away', mappings: inUse, because: left.because };
  if (left.told.length > 0) return { kind: 'changing', mappings: left.told };
  const next = { version: version + 1, state: 'seen', inUse, generation, at: clock.now() } as const;
  return { kind: (await marks.write(next)) === 'written' ? 'started' : 'changing', mappings: inUse };
}
