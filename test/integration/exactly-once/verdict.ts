import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { ReadRecord } from '../../../local/demo/reader.ts';
import { partitionKey } from '../../../shared/adapters/dynamodb/keys.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import { checkMap, type MapCheck } from './map-check.ts';
import { openMap } from './map-under-test.ts';
import type { Observations } from './observations.ts';
import { type Comparison, type CopiedRecord, compareLogs, type LedgerRange } from './oracle.ts';
import type { Logs } from './read-logs.ts';
import type { Schedule } from './schedule.ts';
import type { World } from './world.ts';

/** What became of one schedule. */
export interface Verdict extends Comparison, MapCheck {
  readonly seed: number;
  readonly kind: string;
  readonly seen: Observations;
  readonly records: number;
  /** Everything that should not be, each in a sentence; empty when all is well. */
  readonly faults: readonly string[];
}

export async function judge(schedule: Schedule, source: Logs, target: Logs, failure: unknown): Promise<Verdict> {
  const { seed, kind, partition, past, life, application, deletedBelow, world, seen } = schedule;
  const inTarget = target.get(`${partition.remoteTopic}-${partition.partition}`) ?? [];
  const inSource = source.get(`${partition.topic}-${partition.partition}`) ?? [];
  const { keys = 0, dense = true } = kind.records ?? {};
  const ledger = await ledgerOf(world, partition);
  const comparison = compareLogs({
    incarnations: [...past, life],
    source: inSource.filter(({ identity }) => !application.aborted.has(identity)),
    target: inTarget,
    deletedBelow,
    compacted: keys > 0,
    dense,
    ledger: ledger.filter(({ kind }) => kind !== 'target-divergence'),
  });
  const pairs = pairsOf(schedule, comparison.copied);
  const map = checkMap(pairs, await openMap(world.offsetMap, partition));
  const verdict = { seed, kind: kind.name, seen, records: inTarget.length, ...comparison, ...map };
  return {
    ...verdict,
    faults: [
      ...faultsOf(verdict),
      ...causelessness(schedule, inTarget),
      ...unnoticed(schedule, ledger),
      ...thrown(failure),
    ],
  };
}

/** Those that the last generation's map speaks of: of a log that was cut back, what is below the cut. */
function pairsOf({ past, life }: Schedule, copied: readonly CopiedRecord[]): CopiedRecord[] {
  const last = past.length;
  if (life.cutAt === undefined) return copied.filter(({ incarnation }) => incarnation === last);
  const { cutAt } = life;
  return copied.filter(({ incarnation, source }) => incarnation === last || source < cutAt);
}

function faultsOf(verdict: Omit<Verdict, 'faults'>): string[] {
  const { lostAt, duplicated, reordered, foreign, ledgerFaults, wrong, seen } = verdict;
  const counts = { duplicated, reordered, foreign };
  return [
    ...(lostAt.length > 0 ? [`${lostAt.length} lost, at offsets ${lostAt.join(', ')}`] : []),
    ...Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : [])),
    ...ledgerFaults.map((fault) => `ledger: ${fault}`),
    ...(wrong.length > 0 ? [`${wrong.length} offsets mistranslated, as ${wrong.slice(0, 2).join('; ')}`] : []),
    ...(seen.stuck === undefined ? [] : [`stuck ${seen.stuck}`]),
  ];
}

/** Take-overs and markers without a cause, requests beyond the one that a batch needs. */
function causelessness({ kind, seen }: Schedule, inTarget: readonly ReadRecord[]): string[] {
  const unfounded = seen.takeOvers.filter((cause) => !kind.causes.includes(cause));
  const end = (inTarget.at(-1)?.offset ?? -1) + 1;
  const markers = end - inTarget.length;
  // The first batch makes HEAD and its producer.
  const [, ...steady] = seen.perBatch;
  const wasteful = kind.steady
    ? steady.filter((r) => r.produce !== 1 || r.headWrites !== 1 || r.initProducer + r.markers > 0)
    : [];
  return [
    ...unfounded.map((cause) => `taken over without a cause (${cause})`),
    ...(markers > seen.takeOvers.length ? [`${markers} markers for ${seen.takeOvers.length} take-overs`] : []),
    ...wasteful.map((requests) => `a batch took ${JSON.stringify(requests)}`),
  ];
}

/** Every batch of a target's log holds records here, so a cut loses some, unless they arrived once more by themselves. */
function unnoticed({ targetCutAt, seen }: Schedule, ledger: readonly LedgerRange[]): string[] {
  const found = ledger.filter(({ kind }) => kind === 'target-divergence');
  const isNoted = found.some(({ logEnd }) => logEnd !== undefined && logEnd >= (targetCutAt ?? Infinity));
  if (targetCutAt === undefined) return found.map(({ from }) => `an unfounded divergence from ${from} on`);
  return isNoted || !seen.takeOvers.includes('target-cut-back') ? [] : [`nothing in the ledger of ${targetCutAt}`];
}

function thrown(failure: unknown): string[] {
  return failure === undefined ? [] : [`ended with ${failure instanceof Error ? failure.stack : String(failure)}`];
}

const ledgerItem = z.object({ kind: z.string(), from: z.number(), to: z.number(), logEnd: z.number().optional() });

/** Read from the table as it is: the store has no word in its own trial. */
async function ledgerOf(world: World, partition: FlowPartition): Promise<LedgerRange[]> {
  const { Items = [] } = await world.dynamoDb.send(
    new QueryCommand({
      TableName: world.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: partitionKey(partition) }, ':sk': { S: 'LEDGER#' } },
    }),
  );
  return Items.map((item) => ledgerItem.parse(unmarshall(item)));
}
