import { setTimeout as wait } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { physicalName } from '../infra/flow/names.ts';
import { loseRegion, returnRegion, whenResumed } from '../local/applications/emergency.ts';
import { withAdmin } from '../local/kafka/clients.ts';
import type { RegionsAddress } from '../local/region/addresses.ts';
import { queryAws } from '../local/region/call-aws.ts';
import { loseControlPlane, returnControlPlane } from '../local/region/outage.ts';
import type { Regions } from '../local/region/regions.ts';
import { until } from '../local/region/until.ts';
import { step } from '../local/setup/steps.mjs';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import type { FollowedRun } from '../shared/cli/runbook/follow.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { RunbookKind, StartedBy } from '../shared/runbook/runbook.ts';
import type { BenchArguments } from './arguments.ts';
import { type BusyPair, CONSUMERS, onBusyPair, readToTheEnd, WORKLOAD } from './deployed-pair.ts';
import { followed, move, runRunbook } from './deployed-runs.ts';
import type { LambdaConsumers } from './lambda-consumers.ts';
import { describeLoss, type EmergencyFigures, isProven, lossTold } from './loss-report.ts';

/** Who starts the failover. */
const STARTERS = [StartedBy.Person, StartedBy.Alarm] as const;
/** Missing heartbeats that start one, the fewest that there may be. */
const ALARM_MINUTES = 2;
/** Heartbeats are told of in the minute after they came, a minute is judged when it is over, and looks are seconds apart. */
const JUDGED_LATER_MINUTES = 3;
const ALARM_OK_MS = 240_000;

/** Groups have checkpoints, and the source's rate is known. */
const UNDER_LOAD_MS = 20_000;
/** On the other cluster, before the lost one comes back. */
const ALONE_MS = 10_000;
const RESUME_MS = 180_000 + minutes(ALARM_MINUTES + JUDGED_LATER_MINUTES);
const TAIL_MS = 180_000;
const LEADERS_MS = 60_000;

/**
 * All brokers of a region are killed under load, applications are moved by the deployed `failover`, and the region comes
 * back: what was told to be lost is compared with what its logs hold, and every record is followed to every group. The
 * failover is started as a person does it, or by nobody but the alarm on missing heartbeats. Where functions consume, the
 * region's AWS is away as well.
 *
 * @returns whether the true loss was inside the interval, and nothing is lost in the end
 */
export async function loseRegionBench(args: BenchArguments): Promise<boolean> {
  const rate = args.whole('rate', 1);
  const startedBy = args.choice('by', STARTERS);
  const byAlarm = startedBy === StartedBy.Alarm;
  const failover = byAlarm ? runOfAlarm : (flow: Flow) => runRunbook(flow, RunbookKind.Failover);
  const proves = async (pair: BusyPair) => {
    const { regions, flow, applications, lambda } = pair;
    const { address, source, target } = regions;
    const [{ alias }, to] = [source, target.alias];
    await step('they go on for a while', () => wait(UNDER_LOAD_MS));
    if (byAlarm) await step('heartbeats are seen by the alarm', () => alarmIsOk(regions, flow));

    // Which functions are in use is seen by a dry run each hour; then nobody in their region tells any more.
    if (lambda) await runRunbook(flow, RunbookKind.Failover, true);
    if (lambda) await step(`AWS of ${alias} lost`, () => loseControlPlane(regions.awsEndpoint, source));
    const lost = await step(`every broker of ${alias} killed`, () => loseRegion(regions, alias));
    const resuming = whenResumed(applications, lost, { to, timeoutMs: RESUME_MS });
    resuming.catch(() => {});
    const run = await failover(flow);
    if (!run.state.succeeded) return false;
    const resumed = await resuming;
    await step(`applications go on at ${to}`, () => wait(ALONE_MS));
    if (lambda) await step(`AWS of ${alias} back, and the functions there disabled`, () => standBy(pair, lambda));

    const told = lossTold(run.stages);
    await step(`brokers of ${alias} started again`, () => returnRegion(regions, alias));
    const inLogs = await lossInLogs(address, told.stoppedAt);
    await step('what was left behind arrives', () => tailArrived(flow, inLogs));
    const back = await move(pair, RunbookKind.Failback);
    const groups = await readToTheEnd(applications);
    const figures: EmergencyFigures = {
      bench: 'lose-region',
      startedBy,
      alarmMs: byAlarm ? minutes(ALARM_MINUTES + JUDGED_LATER_MINUTES) : 0,
      rate,
      records: applications.ledger.acknowledged,
      unknown: applications.writers.unknown,
      machineSeconds: machineSeconds(run),
      resumed,
      told,
      lost: inLogs,
      back,
      groups,
      strays: lambda?.strays ?? [],
    };
    console.log(args.flag('json') ? JSON.stringify(figures) : describeLoss(figures));
    return isProven(figures);
  };
  const settings = byAlarm ? { 'causeway.failover.alarm.minutes': String(ALARM_MINUTES) } : {};
  return onBusyPair(rate, proves, { consumers: args.choice('consumers', CONSUMERS), settings });
}

/** Before its brokers are back: what is still enabled there would read again what the other cluster has. */
async function standBy({ regions: { awsEndpoint, source, target } }: BusyPair, lambda: LambdaConsumers): Promise<void> {
  await returnControlPlane(awsEndpoint, source);
  await lambda.disableAt(source.alias);
  await lambda.settle(target.alias);
}

function minutes(count: number): number {
  return count * 60_000;
}

/** An alarm that has seen no heartbeat yet starts nothing. */
async function alarmIsOk({ awsEndpoint, target }: Regions, flow: Flow): Promise<void> {
  const name = physicalName('causeway', flowOf(flow), 'source-lost');
  const request = { Action: 'DescribeAlarms', Version: '2010-08-01', 'AlarmNames.member.1': name };
  await until(
    async () => (await queryAws('cloudwatch', request, { awsEndpoint, ...target })).includes('<StateValue>OK<'),
    ALARM_OK_MS,
    (last) => new Error(`${name} is not OK after ${ALARM_OK_MS / 1_000} s: ${last}`),
  );
}

/** Waits for the execution that the alarm starts, and follows it to its end. */
async function runOfAlarm(flow: Flow): Promise<FollowedRun> {
  console.log('\nfailover, started by the alarm on missing heartbeats');
  using ports = runbookPorts(flow, RunbookKind.Failover, 'causeway');
  let execution = '';
  await step('the alarm starts it', () =>
    until(
      async () => {
        const [newest] = await ports.journal.runs(1);
        if (newest?.startedBy !== StartedBy.Alarm) return false;
        execution = newest.execution;
        return true;
      },
      minutes(ALARM_MINUTES + JUDGED_LATER_MINUTES),
      (last) => new Error(`the alarm has started nothing: ${last}`),
    ),
  );
  return followed(ports, execution);
}

/** Records that the source's own logs hold and that were not in the target, counted where nobody of Causeway has a say. */
async function lossInLogs(
  { clusters }: RegionsAddress,
  stoppedAt: Readonly<Record<string, readonly (number | null)[]>>,
): Promise<number> {
  const [source] = clusters;
  if (source === undefined) throw new Error('no cluster');
  return withAdmin(source.bootstrapServers, async (admin) => {
    let lost = 0;
    for (const topic of WORKLOAD.topics)
      for (const { partition, high } of await endsOf(admin, topic)) {
        const from = stoppedAt[topic]?.[partition];
        if (typeof from !== 'number') throw new Error(`${topic}-${partition} was not seen by the failover`);
        lost += Number(high) - from;
      }
    return lost;
  });
}

/** Partitions of a cluster that was just started have no leader at first. */
async function endsOf(admin: Admin, topic: string) {
  let ends: Awaited<ReturnType<Admin['fetchTopicOffsets']>> = [];
  await until(
    async () => {
      ends = await admin.fetchTopicOffsets(topic);
      return true;
    },
    LEADERS_MS,
    (last) => new Error(`${topic} has no leaders after ${LEADERS_MS / 1_000} s: ${last}`),
  );
  return ends;
}

/** As `causeway failover status` tells it. */
async function tailArrived(flow: Flow, records: number): Promise<void> {
  using ports = runbookPorts(flow, RunbookKind.Failover, 'causeway');
  await until(
    async () => {
      const left = await ports.leftBehind();
      return left !== undefined && left.arrived === records && left.missing + left.unknown === 0;
    },
    TAIL_MS,
    () => new Error(`not all of ${records} records have arrived after ${TAIL_MS / 1_000} s`),
  );
}

function machineSeconds({ stages }: FollowedRun): number {
  const began = Math.min(...stages.map(({ startedAt }) => startedAt));
  const promoted = stages.find(({ stage }) => stage === 'promote')?.endedAt ?? Number.NaN;
  return (promoted - began) / 1_000;
}
