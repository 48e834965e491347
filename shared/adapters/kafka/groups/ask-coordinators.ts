import type { BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster.ts';
import { Backoff, unlessAborted } from '../deadline.ts';
import type { GroupCoordinators } from './coordinators.ts';
import { failureCode, isPassing } from './failure-code.ts';

/** Requests in flight to a broker on each connection: it works on one, and the next is there when that is done. */
const IN_FLIGHT = 2;
/** With the pauses between them about a second: what takes longer is left for the next tick, and told now. */
const MOST_ROUNDS = 5;

/** What is known of a group after a request. `again`: asking once more may bring something better. */
export interface GroupAnswer<T> {
  readonly value: T;
  readonly again: boolean;
}

/** One request's worth of groups that share a coordinator. */
export interface GroupsRequest<T> {
  readonly groupsPerRequest: number;
  /** Throws only for what befell the request as a whole. */
  send(connection: BrokerConnection, groups: readonly string[]): Promise<ReadonlyMap<string, GroupAnswer<T>>>;
  failed(group: string, code: string): T;
}

/**
 * Asks each group's coordinator, many groups a request, and a few times again where it moved, until `timeoutMs` have
 * passed or `signal` is aborted. Every group has a value at the end: a broker that does not answer keeps only its own from theirs.
 */
export async function askCoordinators<T>(
  coordinators: GroupCoordinators,
  groups: readonly string[],
  request: GroupsRequest<T>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<ReadonlyMap<string, T>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const end = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const backoff = new Backoff(timeoutMs, end);
  const values = new Map<string, T>();
  let pending: readonly string[] = [...new Set(groups)];
  for (let round = 1; ; round++) {
    const answers = await askOnce(coordinators, pending, request, end);
    for (const [group, { value }] of answers) values.set(group, value);
    pending = pending.filter((group) => answers.get(group)?.again ?? false);
    coordinators.forget(pending);
    if (pending.length === 0 || round === MOST_ROUNDS || !(await backoff.pause())) return values;
  }
}

async function askOnce<T>(
  coordinators: GroupCoordinators,
  groups: readonly string[],
  request: GroupsRequest<T>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GroupAnswer<T>>> {
  const failed = (asked: readonly string[], code: string) =>
    asked.map((group): [string, GroupAnswer<T>] => [
      group,
      { value: request.failed(group, code), again: isPassing(code) },
    ]);
  const found = await coordinators.find(groups, signal).catch(failureCode);
  if (typeof found === 'string') return new Map(failed(groups, found));

  const answers = new Map<string, GroupAnswer<T>>();
  const byBroker = Map.groupBy(groups, (group) => found.get(group) ?? 'COORDINATOR_NOT_AVAILABLE');
  await Promise.all(
    [...byBroker].map(async ([broker, asked]) => {
      if (typeof broker === 'string') return keep(answers, failed(asked, broker));
      const chunks = Iterator.from(inChunks(asked, request.groupsPerRequest));
      const worker = async (lane: KafkaCluster) => {
        for (const chunk of chunks) {
          const answer = await unlessAborted(sendTo(lane, broker, chunk, request, signal), signal).catch((error) =>
            failed(chunk, failureCode(error)),
          );
          keep(answers, answer);
        }
      };
      await Promise.all(coordinators.lanes.flatMap((lane) => Array.from({ length: IN_FLIGHT }, () => worker(lane))));
    }),
  );
  return answers;
}

async function sendTo<T>(
  lane: KafkaCluster,
  broker: number,
  groups: readonly string[],
  request: GroupsRequest<T>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, GroupAnswer<T>>> {
  const connection = await unlessAborted(lane.connectionTo(broker), signal);
  return request.send(connection, groups);
}

function keep<T>(answers: Map<string, T>, more: Iterable<readonly [string, T]>): void {
  for (const [group, answer] of more) answers.set(group, answer);
}

function* inChunks<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
