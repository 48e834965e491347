import { type Part, partOf } from './part.ts';
import type { PriceName, Prices } from './prices.ts';
import { countedAlarms, countedMetrics } from './watching.ts';
import {
  BYTES_PER_GB,
  type FlowSettings,
  HOURS_PER_MONTH,
  MINUTES_PER_MONTH,
  SECONDS_PER_MONTH,
  type Workload,
} from './workload.ts';

/** MB, as infra/flow makes them; reconcile, checkpoint and heartbeat work all the time, monitor two seconds of a minute. */
const RECONCILE_MB = 512;
const HEARTBEAT_MB = 256;
const MONITOR = { memoryMb: 512, secondsAMinute: 2 };
/** How long `replicate` uses a HEAD that it has in memory (shared/append/context.ts). */
const HEAD_MEMORY_SECONDS = 30;
/** The item of the source's ends: 13 bytes for a busy partition, and what is there in any case (docs/groups.md). */
const ENDS_BYTES = { each: 13, always: 800 };
/** HEAD, its open run and its topic's share, in the table. */
const STORED_BYTES = 2_048;
/** States of a dry run, and how many a month: of a failover each hour, of the others each day (docs/deploy.md). */
const DRY_RUN_STATES = 33;
const DAYS_PER_MONTH = HOURS_PER_MONTH / 24;

/** What a flow costs that nothing is written to. */
export function standingParts(workload: Workload, settings: FlowSettings, prices: Prices): readonly Part[] {
  const part = (name: string, price: PriceName, quantity: number, unit: string, because: string) =>
    quantity === 0 ? [] : [partOf({ name, price, quantity, unit, because }, prices)];
  const functions = functionsAtRest(settings);
  const metrics = countedMetrics(settings);
  const alarms = countedAlarms(settings);
  const machines = machinesOf(settings);
  return [
    ...part('functions at rest', 'lambdaGbSecond', functions.gbSeconds, 'GB-s', functions.names.join(', ')),
    ...part('their requests', 'lambdaRequest', functions.requests, 'requests', 'one a minute each'),
    ...part('offset map, reads', 'readUnit', headReads(workload, settings), 'read units', readBy(settings)),
    ...part('source’s ends', 'writeUnit', endsWrites(workload, settings), 'write units', 'an item a second'),
    ...part('table', 'tableGbMonth', (workload.partitions * STORED_BYTES) / BYTES_PER_GB, 'GB', '2 KB a partition'),
    ...part('custom metrics', 'metricMonth', metrics.count, 'metrics', metrics.because),
    ...part('alarms', 'alarmMonth', alarms.metrics, 'metrics', `${alarms.alarms} alarms`),
    ...part('composite alarms', 'compositeAlarmMonth', alarms.composites, 'alarms', 'what people are told by'),
    ...part('dashboards', 'dashboardMonth', alarms.dashboards, 'dashboards', 'one in each region'),
    ...part('dry runs', 'stateTransition', machines.transitions, 'states', `${DRY_RUN_STATES} each`),
  ];
}

function functionsAtRest(settings: FlowSettings) {
  const { refreshTopics, checkpointSeconds, checkpointMemoryMb, heartbeats, heartbeatsBack } = settings;
  const always = { secondsAMinute: 60 };
  const functions = [
    ...(refreshTopics ? [{ name: 'reconcile', memoryMb: RECONCILE_MB, ...always }] : []),
    ...(checkpointSeconds === undefined ? [] : [{ name: 'checkpoint', memoryMb: checkpointMemoryMb, ...always }]),
    ...(heartbeats ? [{ name: 'heartbeat', memoryMb: HEARTBEAT_MB, ...always }] : []),
    ...(heartbeatsBack ? [{ name: 'heartbeat of the way back', memoryMb: HEARTBEAT_MB, ...always }] : []),
    { name: 'monitor', ...MONITOR },
  ];
  const gbSeconds = functions.map(({ memoryMb, secondsAMinute }) => (memoryMb / 1_024) * secondsAMinute);
  return {
    names: functions.map(({ name }) => name),
    gbSeconds: gbSeconds.reduce((sum, each) => sum + each, 0) * MINUTES_PER_MONTH,
    requests: functions.length * MINUTES_PER_MONTH,
  };
}

/** Strongly consistent reads of a HEAD, below 4 KB, by each function that looks at all partitions. */
function headReads({ partitions, groups, tbPerMonth }: Workload, { checkpointSeconds }: FlowSettings): number {
  const byReplicate = tbPerMonth === 0 ? 0 : SECONDS_PER_MONTH / HEAD_MEMORY_SECONDS;
  const byCheckpoint = checkpointSeconds === undefined || groups === 0 ? 0 : SECONDS_PER_MONTH / checkpointSeconds;
  return partitions * (byReplicate + byCheckpoint + MINUTES_PER_MONTH);
}

function readBy({ checkpointSeconds }: FlowSettings): string {
  const checkpoint = checkpointSeconds === undefined ? [] : [`checkpoint each ${checkpointSeconds} s`];
  const all = [`replicate each ${HEAD_MEMORY_SECONDS} s`, ...checkpoint, 'monitor each minute'];
  return `HEAD of each partition, by ${all.join(', ')}`;
}

function endsWrites({ partitions, tbPerMonth }: Workload, { heartbeats }: FlowSettings): number {
  if (!heartbeats) return 0;
  const bytes = ENDS_BYTES.always + (tbPerMonth === 0 ? 0 : partitions * ENDS_BYTES.each);
  // Where nothing changes it is written each ten seconds.
  return Math.ceil(bytes / 1_024) * (tbPerMonth === 0 ? SECONDS_PER_MONTH / 10 : SECONDS_PER_MONTH);
}

function machinesOf({ runbooks, failback }: FlowSettings) {
  if (!runbooks) return { transitions: 0 };
  const daily = failback ? 3 : 2;
  return { transitions: DRY_RUN_STATES * (HOURS_PER_MONTH + daily * DAYS_PER_MONTH) };
}
