import kafkajs from 'kafkajs';
import { type GroupVerdict, isExact } from '../local/applications/ledger.ts';
import { UnroutedProducer } from '../local/applications/unrouted-producer.ts';
import { withAdmin } from '../local/kafka/clients.ts';
import type { ClusterAddress } from '../local/region/addresses.ts';
import { step } from '../local/setup/steps.mjs';
import { RunbookKind } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { type BusyPair, onBusyPair, readToTheEnd } from './deployed-pair.ts';
import { measured, runRunbook } from './deployed-runs.ts';
import type { Move } from './moves-report.ts';
import { readReport } from './read-report.ts';

/** Where the unrouted producers of these benches write. */
export const UNROUTED_AT = { topic: 'orders', partition: 1 } as const;
const REFUSED = 'TOPIC_AUTHORIZATION_FAILED';
const WARNED = 'fence-writers: ';
/** Who consumes is looked at twice, which is not what this is about. */
const WATCHED_SHORTLY = { 'causeway.watch.lag.seconds': '5' };

/** A move while somebody unrouted writes to the cluster that is left. */
interface RefusedMove extends Move {
  readonly cluster: string;
  readonly written: number;
  /** How often, by Kafka's name of the error. */
  readonly refusals: Readonly<Record<string, number>>;
  /** What the report says is to be looked at of fence-writers; undefined: nothing. */
  readonly warned: string | undefined;
  /** Topics that somebody may not write to after the run, on either cluster. */
  readonly denied: readonly string[];
}

interface Figures {
  readonly bench: 'unrouted-producer';
  readonly fence: 'acls';
  readonly records: number;
  readonly moves: readonly RefusedMove[];
  readonly groups: readonly GroupVerdict[];
}

/**
 * Brokers have to refuse whoever writes on: applications are moved all the same, there and back, it is told who was stopped,
 * and afterwards nobody is refused any more. Applications log in as users whom the fence holds, and must not meet it.
 */
export function refusedProducer(rate: number, args: BenchArguments): Promise<boolean> {
  const proves = async (pair: BusyPair) => {
    const { applications, regions } = pair;
    const moves = [await moveBeside(pair, RunbookKind.Switchover, regions.source)];
    if (moves.every(({ succeeded }) => succeeded))
      moves.push(await moveBeside(pair, RunbookKind.Failback, regions.target));
    const groups = await readToTheEnd(applications);
    const records = applications.ledger.acknowledged;
    const figures: Figures = { bench: 'unrouted-producer', fence: 'acls', records, moves, groups };
    console.log(args.flag('json') ? JSON.stringify(figures) : describe(figures));
    return isProven(figures);
  };
  return onBusyPair(rate, proves, { secured: true, settings: { 'causeway.fence.acls': 'true', ...WATCHED_SHORTLY } });
}

async function moveBeside(
  { regions: { address }, flow, applications: { writers, ledger } }: BusyPair,
  kind: RunbookKind,
  left: ClusterAddress,
): Promise<RefusedMove> {
  const { alias } = left;
  const unrouted = new UnroutedProducer(left, UNROUTED_AT, ledger);
  await step(`somebody unrouted writes to ${alias}`, () => unrouted.writesOn());
  writers.longestPauseMs = 0;
  const run = await runRunbook(flow, kind);
  const denied = await Promise.all(address.clusters.map(({ bootstrapServers }) => deniedOn(bootstrapServers)));
  if (run.state.succeeded) await step(`it writes to ${alias} again`, () => unrouted.writesOn());
  await unrouted.stop();
  const { improve } = run.state.succeeded ? await readReport(address, run.stages) : { improve: [] };
  return {
    ...measured(kind, run, writers),
    cluster: alias,
    written: unrouted.written,
    refusals: Object.fromEntries(unrouted.refusals),
    warned: improve.find((line) => line.startsWith(WARNED)),
    denied: denied.flat(),
  };
}

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

async function deniedOn(servers: string): Promise<readonly string[]> {
  const { resources } = await withAdmin(servers, (admin) =>
    admin.describeAcls({
      resourceType: AclResourceTypes.TOPIC,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.DENY,
    }),
  );
  return resources.map(({ resourceName }) => resourceName);
}

function isProven({ moves, groups }: Figures): boolean {
  const place = `${UNROUTED_AT.topic}-${UNROUTED_AT.partition}`;
  const isHeld = ({ succeeded, refusals, warned, denied }: RefusedMove) =>
    succeeded &&
    (refusals[REFUSED] ?? 0) > 0 &&
    Object.keys(refusals).length === 1 &&
    warned?.includes(place) === true &&
    denied.length === 0;
  return moves.length === 2 && moves.every(isHeld) && groups.every(isExact);
}

function describe(figures: Figures): string {
  const { records, moves, groups } = figures;
  const lines = moves.flatMap((move) => {
    const { kind, succeeded, machineSeconds, pauseSeconds, cluster, written, refusals, warned, denied } = move;
    const refused = Object.entries(refusals).map(([name, count]) => `${count} times with ${name}`);
    return [
      `The ${kind} ${succeeded ? `took ${machineSeconds.toFixed(1)} s` : 'did not go through'}; writing stood still for ${pauseSeconds.toFixed(1)} s.`,
      `  report: ${warned ?? 'nothing of fence-writers'}`,
      `  unrouted: ${written} records written to ${cluster}, refused ${refused.join(', ') || 'never'}`,
      `  denied afterwards: ${denied.join(', ') || 'nothing'}`,
    ];
  });
  const verdicts = groups.map(
    ({ group, lost, twice, reordered, foreign }) =>
      `${group}: ${lost} lost, ${twice} read twice, ${reordered} out of order, ${foreign} foreign`,
  );
  return [
    '',
    ...lines,
    '',
    `${records} records were acknowledged.`,
    ...verdicts,
    '',
    isProven(figures)
      ? 'Refused, told and let go again: applications were moved there and back, nothing lost, read twice or out of order.'
      : 'NOT proven.',
  ].join('\n');
}
