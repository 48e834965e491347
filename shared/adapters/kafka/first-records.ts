import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { sideBySide } from '../../reconcile/side-by-side.ts';
import type { Found } from '../../status/facts.ts';
import type { KafkaCluster } from './cluster.ts';
import { unlessAborted } from './deadline.ts';
import { type FetchRequest, fetchEach } from './fetch-api.ts';
import { firstIn, firstRecord, isOpen, type RecordSearch } from './first-record.ts';
import { failureCode } from './groups/failure-code.ts';

/** A producer's batch of 16 KB, its default, and what is around it. */
const BATCH_BYTES = 20_000;
/** In one request: an answer of two megabytes at the most. */
const PLACES = 100;
/** Requests on their way to one leader; a connection takes no more than five. */
const AT_ONCE = 4;
/** Logs that are read one by one. */
const ALONE_AT_ONCE = 32;

/**
 * The first record of each of many searches. Leaders are asked of many partitions in one request; where that does not
 * show a record, because its batch is large or a long transaction was aborted before it, the log is read by itself. Those
 * that come first are asked of first. Each search has an answer when `signal` ends it all.
 */
export async function firstRecords(
  cluster: KafkaCluster,
  searches: readonly RecordSearch[],
  isolation: FetchRequest['isolation'],
  signal: AbortSignal,
): Promise<ReadonlyMap<RecordSearch, Found>> {
  const found = new Map<RecordSearch, Found>();
  if (searches.length === 0) return found;
  try {
    await cluster.metadata([...new Set(searches.map(({ topic }) => topic))], signal);
  } catch (error) {
    const code = failureCode(error);
    return new Map(searches.map((each) => [each, { code }]));
  }
  const byLeader = await ledBy(cluster, searches, signal);
  await Promise.all(
    [...byLeader].map(([leader, places]) =>
      sideBySide(
        requestsOf(places),
        (request) => askLeader(cluster, leader, request, isolation, signal, found),
        () => !signal.aborted,
        AT_ONCE,
      ),
    ),
  );
  const alone = searches.filter((each) => !found.has(each));
  await sideBySide(
    alone,
    async (each) => {
      const of = unlessAborted(firstRecord(cluster, each, isolation, signal), signal);
      found.set(each, await of.catch((error: unknown) => ({ code: failureCode(error) })));
    },
    () => true,
    ALONE_AT_ONCE,
  );
  return found;
}

interface Led {
  readonly search: RecordSearch;
  readonly leaderEpoch: number;
}

/** What has no leader now is left out. */
async function ledBy(
  cluster: KafkaCluster,
  searches: readonly RecordSearch[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly Led[]>> {
  const byLeader = new Map<number, Led[]>();
  for (const search of searches) {
    const known = await cluster.partition(search.topic, search.partition, false, signal).catch(failureCode);
    if (typeof known === 'string' || known.leader < 0) continue;
    const led = { search, leaderEpoch: known.leaderEpoch };
    if (byLeader.get(known.leader)?.push(led) === undefined) byLeader.set(known.leader, [led]);
  }
  return byLeader;
}

/** In their order, but that no request names a partition twice. */
function requestsOf(places: readonly Led[]): readonly (readonly Led[])[] {
  const seen = new Map<string, number>();
  const rounds = Map.groupBy(places, ({ search }) => {
    const name = describeTopicPartition(search);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before;
  });
  return [...rounds.values()].flatMap((round) =>
    Array.from({ length: Math.ceil(round.length / PLACES) }, (_, i) => round.slice(i * PLACES, (i + 1) * PLACES)),
  );
}

/** Notes what an answer shows. What it does not, of a leader that has moved for example, is left to be asked by itself. */
async function askLeader(
  cluster: KafkaCluster,
  leader: number,
  request: readonly Led[],
  isolation: FetchRequest['isolation'],
  signal: AbortSignal,
  found: Map<RecordSearch, Found>,
): Promise<void> {
  const places = request.map(({ search: { topic, partition, offset }, leaderEpoch }) => {
    return { topic, partition, offset, leaderEpoch, maxBytes: BATCH_BYTES };
  });
  const asked = cluster
    .connectionTo(leader)
    .then((connection) => connection.call(fetchEach, { places, maxWaitMs: 0, isolation }));
  const answer = await unlessAborted(asked, signal).catch(failureCode);
  if (typeof answer === 'string') return;
  for (const { search } of request) {
    const partition = answer.partitions.get(describeTopicPartition(search));
    if (partition === undefined || partition.errorCode !== 0) continue;
    try {
      const seen = firstIn(partition, search, isolation);
      if (!isOpen(seen)) found.set(search, seen);
    } catch (error) {
      found.set(search, { code: failureCode(error) });
    }
  }
}
