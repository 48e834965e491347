import { selectGroup } from '../../policy/group-selection.ts';
import { readWays } from '../groups/read-ways.ts';
import type { Ways } from '../groups/ways.ts';
import type { ConsumerId, ConsumerMapping, ConsumerSide } from '../ports/consumers.ts';
import { isInUse } from '../ports/mapping-switch.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import { PAUSE_MS } from './ask-to-enable.ts';
import { includes, union } from './consumer-id.ts';

type Ports = Pick<RunbookPorts, 'consumers' | 'forward' | 'backward' | 'rules' | 'clock'>;

export interface StoppedHere {
  /** Those that were enabled, and are to be enabled again, here or there. */
  readonly inUse: readonly ConsumerId[];
  /** Those that are not disabled yet. */
  readonly notYet: readonly ConsumerMapping[];
  /** Whether all are disabled, and marked. */
  readonly done: boolean;
}

/**
 * Disables the users' mappings on the cluster that is left, until all are disabled or the time is over. Which of them were
 * enabled is marked before the first is touched: afterwards nobody could tell them from those that their owner had disabled.
 * @param until ms since the epoch. @throws CausewayError
 */
export async function stopHere(run: RunbookRun, ports: Ports, until: number): Promise<StoppedHere> {
  const { consumers, clock } = ports;
  if (consumers === undefined) return { inUse: [], notYet: [], done: true };
  const { from } = consumers;
  const ways = await readWays(ports, false);
  for (;;) {
    const mark = await from.marks.read();
    const all = (await from.mappings.list()).filter((each) => isMoved(each, ways, ports));
    const inUse = union(mark?.state === 'stopped' ? mark.inUse : [], all.filter(isInUse));
    const notYet = all.filter(({ state }) => state !== 'disabled');
    const isMarked = await keepMark(run, from, mark, inUse, clock.now());
    const done = isMarked && notYet.length === 0;
    if (run.dryRun || done) return { inUse, notYet, done };
    for (const each of isMarked ? notYet : [])
      if (each.state === 'enabled') await from.mappings.setEnabled(each, false);
    if (clock.now() + PAUSE_MS >= until) return { inUse, notYet, done };
    await clock.wait(PAUSE_MS);
  }
}

/** Whether runbooks move it: its topic is copied and its group is. */
export function isMoved({ topic, group }: ConsumerId, ways: Ways, { rules }: Pick<RunbookPorts, 'rules'>): boolean {
  return ways.of(topic, 0) !== undefined && selectGroup(rules.include, rules.exclude, group).covered;
}

/** Each run writes it once at least, so that nobody who read it before can write it any more. */
async function keepMark(
  run: RunbookRun,
  { marks }: ConsumerSide,
  mark: Awaited<ReturnType<ConsumerSide['marks']['read']>>,
  inUse: readonly ConsumerId[],
  at: number,
): Promise<boolean> {
  if (run.dryRun) return true;
  const { generation } = run;
  const isKept = mark?.state === 'stopped' && mark.generation === generation;
  if (isKept && inUse.every((each) => includes(mark.inUse, each))) return true;
  const next = { version: (mark?.version ?? 0) + 1, state: 'stopped', inUse, generation, at } as const;
  return (await marks.write(next)) === 'written';
}
