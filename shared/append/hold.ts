import { CausewayError } from '../flow/errors.ts';
import type { FlowPartition } from '../flow/flow.ts';
import type { Hold } from '../ledger/hold.ts';
import type { Head } from '../offsets/head.ts';
import type { Attempt } from './attempt.ts';
import { HoldOutranked, HoldWaits, OffsetMapUnavailable } from './errors.ts';
import type { AppendRecord, HeadStore } from './ports.ts';
import { takeOver } from './take-over.ts';

/** Writes of HEAD that a lift bears others to come before; nobody writes a held HEAD but runbooks. */
const LIFT_TRIES = 10;

/** What the target says when it has no log any more that HEAD speaks of. */
const NO_LOG: ReadonlySet<string> = new Set(['TARGET_TOPIC_REPLACED', 'KAFKA_UNKNOWN_TOPIC']);

/** Who holds, and what says whether they still may. */
export interface HoldOrder {
  readonly generation: number;
  /** The flow's hold as it stands now, not from memory. */
  current(): Promise<Hold | undefined>;
}

/**
 * - held: `head` tells all that ever landed, and nothing more does until the hold is lifted
 * - not-begun: nothing was ever appended, and while the flow's hold stands nothing is
 * - stopped: not held, or not known to be; call again as `error` says
 */
export type HoldResult =
  | { readonly kind: 'held'; readonly head: Head }
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'stopped'; readonly error: CausewayError };

/**
 * Takes the partition over and holds it, claimed in one write: from the answer on the broker refuses whatever was sent
 * before, and nobody who reads HEAD sends. Asks the target and the offset map only. Held already, it costs no take-over.
 *
 * @returns HEAD with all that ever landed; undefined: there is none, and while the flow's hold stands none is created
 * @throws HoldOutranked when a higher generation holds, or the flow's hold is no longer this one's
 */
export async function holdPartition<R extends AppendRecord>(
  attempt: Attempt<R>,
  order: HoldOrder,
): Promise<Head | undefined> {
  const { generation } = order;
  const { partition } = attempt.context;
  attempt.forgetHead();
  for (let head = await attempt.readHead(); head; head = await attempt.readHead()) {
    if ((head.heldBy?.generation ?? 0) > generation) throw new HoldOutranked(partition, generation, head.heldBy);
    if (head.heldBy?.generation === generation) {
      if (head.fence.kind === 'none') return head;
      const quiet = await takeOverOrWait(attempt, head);
      if (quiet) return quiet;
    } else {
      // Asked after HEAD was read: a lift takes the flow's hold away first and then raises every HEAD's version.
      const current = await attempt.askMap(() => order.current());
      if (current?.generation !== generation) throw new HoldOutranked(partition, generation, current);
      await attempt.writeHead(head, claimed(head, generation));
    }
    attempt.checkTime('holding the partition');
  }
  return undefined;
}

/**
 * Nothing can be fenced in a remote topic that is gone or was made anew, and nothing is left there to be settled: what may
 * be under way is waited out, as for a producer id that cannot be fenced.
 * @returns HEAD once that is over; undefined: the partition was taken over
 * @throws HoldWaits until then
 */
async function takeOverOrWait<R extends AppendRecord>(attempt: Attempt<R>, head: Head): Promise<Head | undefined> {
  const { partition, settings } = attempt.context;
  try {
    await takeOver(attempt, head, 'hold');
    return undefined;
  } catch (error) {
    if (!(error instanceof CausewayError) || !NO_LOG.has(error.code)) throw error;
    // A wait that was begun before is over: until then nobody asks for the topic.
    if (head.fence.kind === 'waiting') return head;
    const until = attempt.now + settings.latenessBoundMs + settings.headMemoryMs;
    await attempt.writeHead(head, { ...head, fence: { kind: 'waiting', producer: head.producer, until } });
    throw new HoldWaits(partition, until, error);
  }
}

/** Where the partition is held already, or being taken over, that take-over serves: nobody has sent since it was begun. */
function claimed(head: Head, generation: number): Head {
  const fence = head.heldBy || head.fence.kind !== 'none' ? head.fence : ({ kind: 'pending' } as const);
  return { ...head, heldBy: { generation }, fence };
}

/**
 * Lifts the hold of a partition, once that of its flow is lifted. Every HEAD is written, held or not, unless somebody else
 * does: a claim that was decided by the HEAD before then fails. A take-over that is pending is finished by whoever comes.
 *
 * @throws HoldOutranked when a higher generation holds it; what the store throws
 */
export async function liftPartition(
  heads: Pick<HeadStore, 'read' | 'write'>,
  partition: FlowPartition,
  generation: number,
): Promise<'lifted' | 'not-begun'> {
  let first: number | undefined;
  for (let tries = 0; tries < LIFT_TRIES; tries++) {
    const head = await heads.read(partition);
    if (!head) return 'not-begun';
    const { heldBy, ...rest } = head;
    if (heldBy && heldBy.generation > generation) throw new HoldOutranked(partition, generation, heldBy);
    if (!heldBy && first !== undefined && head.version > first) return 'lifted';
    first ??= head.version;
    const lifted = { head: { ...rest, version: head.version + 1 }, closed: [], ledger: [] };
    if ((await heads.write(partition, head.version, lifted)) === 'written') return 'lifted';
  }
  throw new OffsetMapUnavailable(partition, new Error(`HEAD was written by others ${LIFT_TRIES} times in a row`));
}
