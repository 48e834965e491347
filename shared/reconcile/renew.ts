import { createHash } from 'node:crypto';
import { FlowHeld } from '../append/errors.ts';
import type { FenceResult } from '../append/fence.ts';
import { CausewayError } from '../flow/errors.ts';
import type { FlowId, FlowPartition } from '../flow/flow.ts';
import { FlowState, type TopicItem, TopicState } from '../ledger/topic-registry.ts';
import type { Head } from '../offsets/head.ts';
import { isProducerOlderThan } from '../offsets/renewal.ts';
import { RenewalFailedError } from './errors.ts';
import type { ReconcilePorts } from './ports.ts';

const DAY_MS = 86_400_000;
/** Each partition has one minute of the day in which it is looked at: a run is begun every minute. */
const SLOT_MS = 60_000;
/** Brokers forget a transactional id that is idle for 7 days: after 3, four looks are left to keep it. */
const IDLE_MS = 3 * DAY_MS;
/** Slots from one partition of a topic to the next: no divisor of the day's, so that they spread over all of it. */
const BETWEEN_PARTITIONS = 241;
/** Take-overs of one run, at three round trips and two writes each; what is left over is looked at first the next day. */
const MAX_RENEWALS = 20;

/** The partitions' producers, as `replicate` uses them. */
export interface Producers {
  head(partition: FlowPartition): Promise<Head | undefined>;
  /** Takes the partition over, which counts as use of its transactional id. */
  renew(partition: FlowPartition, item: TopicItem, deadline: number): Promise<FenceResult>;
}

export interface RenewalReport {
  /** Partitions whose minute this is. */
  readonly due: number;
  readonly renewed: readonly FlowPartition[];
  readonly errors: readonly CausewayError[];
}

/**
 * Keeps the producers of idle partitions: `replicate` renews those that it appends to, and nobody the others. A partition
 * is looked at once a day, at a minute of its own; one that cannot be renewed stops no other.
 * @param until no partition is begun from then on, ms since the epoch
 * @throws what the registry throws when it cannot be asked
 */
export async function renewIdle(
  flow: FlowId,
  ports: Pick<ReconcilePorts, 'registry' | 'clock'>,
  producers: Producers,
  until: number,
): Promise<RenewalReport> {
  const { clock, registry } = ports;
  const now = clock.now();
  const listing = await registry.list();
  // A held partition was taken over when it was held, and nothing touches it until that is over: a producer that has expired
  // by then is replaced, after a wait of a minute and a half.
  const leftAlone = listing.flow.state === FlowState.Removed || listing.hold !== undefined;
  const due = leftAlone ? [] : partitionsDue(flow, listing.topics, now);
  const renewed: FlowPartition[] = [];
  const errors: CausewayError[] = [];
  for (const { partition, item } of due) {
    if (clock.now() >= until || renewed.length + errors.length >= MAX_RENEWALS) break;
    try {
      const head = await producers.head(partition);
      if (head === undefined || head.heldBy || !isProducerOlderThan(head, IDLE_MS, now)) continue;
      const result = await producers.renew(partition, item, until);
      if (result.kind === 'fenced') renewed.push(partition);
      if (result.kind === 'stopped' && !(result.error instanceof FlowHeld)) throw result.error;
    } catch (error) {
      errors.push(error instanceof CausewayError ? error : new RenewalFailedError(partition, error));
    }
  }
  return { due: due.length, renewed, errors };
}

interface Due {
  readonly partition: FlowPartition;
  readonly item: TopicItem;
}

/** Active partitions whose minute of the day is that of `now`; another one first on each day, so that none is always last. */
export function partitionsDue(flow: FlowId, items: readonly TopicItem[], now: number): Due[] {
  const slot = Math.floor((now % DAY_MS) / SLOT_MS);
  const slots = DAY_MS / SLOT_MS;
  const due = items
    .filter(({ state }) => state === TopicState.Active)
    .flatMap((item) => {
      const { topic, remoteTopic, generation, partitions } = item;
      const first = hash(item.consumerGroup);
      return Array.from({ length: partitions }, (_, partition) => partition)
        .filter((partition) => (first + partition * BETWEEN_PARTITIONS) % slots === slot)
        .map((partition): Due => ({ item, partition: { flow, topic, remoteTopic, partition, generation } }));
    });
  const first = due.length === 0 ? 0 : (Math.floor(now / DAY_MS) * MAX_RENEWALS) % due.length;
  return [...due.slice(first), ...due.slice(0, first)];
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}
