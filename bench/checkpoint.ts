import { subscribe } from 'node:diagnostics_channel';
import { connectionsApiChannel, protocolAPIsById } from '@platformatic/kafka';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import type { TickReport } from '../shared/checkpoint/ticker.ts';
import type { BenchArguments } from './arguments.ts';
import { TickScene } from './tick-scene.ts';

/** Longest tick that is allowed, ms: as often as ticks come by default. */
const BAR_MS = 5_000;
const TOPICS = 40;
const TICK_WIDTH = 'new, all in closed runs'.length;

interface TickFigures {
  readonly tick: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly committed: number;
  readonly checkpoints: number;
  /** Partitions by why they are left out. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** By Kafka's names; `DynamoDB` all together. */
  readonly requests: Readonly<Record<string, number>>;
  readonly memoryMb: number;
}

/** @returns whether every tick was within the bar */
export async function checkpointBench(args: BenchArguments): Promise<boolean> {
  const [groups, partitions] = [args.whole('groups', 1), args.whole('partitions', 1)];
  const partitionsOfGroup = args.whole('each', 1);
  const json = args.flag('json');
  const running = runningRegions(process.env);
  await using started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  const scale = { groups, topics: TOPICS, partitionsOfTopic: Math.ceil(partitions / TOPICS), partitionsOfGroup };
  const scene = await TickScene.set(address, scale);
  const requests = countRequests();
  const figures: TickFigures[] = [];
  const say = (line: string) => json || console.log(line);
  say(`${groups} groups with ${partitionsOfGroup} partitions each, ${partitions} partitions in ${TOPICS} topics\n`);
  say(`${'tick'.padEnd(TICK_WIDTH)}    ms  CPU ms  committed  checkpoints  left out`);
  const { ticker } = scene.begin();
  const measure = async (tick: string, of = ticker) => {
    requests.clear();
    const cpu = process.cpuUsage();
    const report = await of.tick(true);
    const { user, system } = process.cpuUsage(cpu);
    const figure = figuresOf(tick, report, (user + system) / 1_000, requests);
    figures.push(figure);
    say(rowOf(figure));
  };
  await scene.setGroups(30);
  await measure('first, all to be set');
  await measure('nothing has changed');
  await scene.setGroups(33);
  await measure('all moved on');
  await scene.setGroups(10);
  await measure('all in closed runs');
  await measure('the next one');
  await measure('new, all in closed runs', scene.begin().ticker);
  for (const { tick, requests: made } of figures) say(`\n${tick}: ${JSON.stringify(made)}`);
  const within = figures.every(({ ms }) => ms <= BAR_MS);
  if (json)
    console.log(JSON.stringify({ bench: 'checkpoint', groups, partitions, partitionsOfGroup, figures, within }));
  else console.log(`\n${within ? 'within' : 'NOT within'} the bar of ${BAR_MS} ms`);
  return within;
}

function figuresOf(
  tick: string,
  report: TickReport,
  cpuMs: number,
  requests: ReadonlyMap<string, number>,
): TickFigures {
  const leftOut: Record<string, number> = {};
  for (const { partitions } of report.plans)
    for (const { decision } of partitions)
      if (decision.kind === 'left-out') leftOut[decision.reason] = (leftOut[decision.reason] ?? 0) + 1;
  if (report.sourceError !== undefined || report.errors.length > 0) throw report.sourceError ?? report.errors[0];
  return {
    tick,
    ms: report.tookMs,
    cpuMs: Math.round(cpuMs),
    committed: report.committed ?? 0,
    checkpoints: report.checkpoints?.written ?? 0,
    leftOut,
    requests: Object.fromEntries(requests),
    memoryMb: Math.round(process.memoryUsage().rss / 1e6),
  };
}

function rowOf({ tick, ms, cpuMs, committed, checkpoints, leftOut }: TickFigures): string {
  const columns = [String(ms).padStart(6), String(cpuMs).padStart(8), String(committed).padStart(11)];
  const why = Object.entries(leftOut).map(([reason, count]) => `${reason} ${count}`);
  return `${tick.padEnd(TICK_WIDTH)}${columns.join('')}${String(checkpoints).padStart(13)}  ${why.join(', ')}`;
}

/** Every request that this process sends, by its name. */
function countRequests(): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const names: Readonly<Record<string, string>> = protocolAPIsById;
  connectionsApiChannel.start.subscribe((event: unknown) => {
    const key = typeof event === 'object' && event !== null ? Number(Reflect.get(event, 'apiKey')) : -1;
    count(names[key] ?? `API ${key}`);
  });
  subscribe('http.client.request.start', () => count('DynamoDB'));
  return counts;
}
