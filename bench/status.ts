import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { runningRegions } from '../local/region/external.ts';
import { startRegions } from '../local/region/regions.ts';
import { projectRoot } from '../local/setup/project.ts';
import { step } from '../local/setup/steps.mjs';
import { inTemporaryFolder } from '../local/setup/temporary-folder.ts';
import type { BenchArguments } from './arguments.ts';
import { type StatusScale, StatusScene } from './status-scene.ts';
import { table } from './table.ts';

/** Of each `causeway status`, from its start to its end, Node's own start included. */
const BAR_MS = 3_000;
/** One page: the flow, twenty topics and twenty groups, in two lines each at the most. */
const MOST_LINES = 80;

/** Of `causeway status --json`, what shows that all of the scene was read. */
const answer = z.object({
  flows: z.tuple([
    z.object({
      records: z.number(),
      seconds: z.number(),
      asked: z.array(z.object({ name: z.string(), error: z.object({ code: z.string() }).optional() })),
      topics: z.array(z.object({ problems: z.array(z.string()) })),
      groups: z.array(z.object({ problems: z.array(z.string()) })),
    }),
  ]),
});

interface StatusFigures {
  readonly scene: string;
  readonly ms: readonly number[];
  readonly medianMs: number;
  /** Lines of the page. */
  readonly lines: number;
}

/** @returns whether every scene was read whole, each of its readings within the bar, and told on one page */
export async function statusBench(args: BenchArguments): Promise<boolean> {
  const scale = {
    topics: args.whole('topics', 1),
    partitions: args.whole('partitions', 1),
    groups: args.whole('groups', 1),
  };
  const [runs, rttMs] = [args.whole('runs', 1), args.whole('rtt', 0)];
  const running = runningRegions(process.env);
  await using started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  const scene = new StatusScene(address, scale);
  const all = `${scale.topics} topics of ${scale.partitions} partitions, ${scale.groups} groups`;
  const figures = await inTemporaryFolder(join(tmpdir(), 'causeway-status-'), async (folder) => {
    await step(`${all} made`, () => scene.set());
    const command = ['status', '--config', scene.writeConfiguration(folder), '--prefix', scene.prefix];
    const level = await measure('nothing behind', command, { ...scale, runs, rttMs, behind: 0 });
    await step('one record more in each partition', () => scene.fallBehind());
    const behind = scale.topics * scale.partitions;
    return [level, await measure('every partition behind', command, { ...scale, runs, rttMs, behind })];
  });
  const within = figures.every(({ ms, lines }) => Math.max(...ms) <= BAR_MS && lines <= MOST_LINES);
  if (args.flag('json')) console.log(JSON.stringify({ bench: 'status', ...scale, rttMs, figures, within }));
  else
    console.log(
      `\n${describe(rttMs === 0 ? all : `${all}, ${rttMs} ms away`, figures)}\n\n${within ? 'within' : 'NOT within'} ${BAR_MS} ms and ${MOST_LINES} lines`,
    );
  return within;
}

interface Expected extends StatusScale {
  readonly runs: number;
  /** How far away brokers and table are, there and back. */
  readonly rttMs: number;
  /** Records. */
  readonly behind: number;
}

async function measure(scene: string, command: readonly string[], expected: Expected): Promise<StatusFigures> {
  const { flows } = answer.parse(JSON.parse((await causeway([...command, '--json'])).out));
  const [{ records, asked, topics, groups }] = flows;
  const unasked = asked.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error.code}`]));
  const found = { topics: topics.length, groups: groups.length, behind: records };
  const faults = [...topics, ...groups].flatMap(({ problems }) => problems);
  const isWhole =
    found.topics === expected.topics && found.groups === expected.groups && found.behind === expected.behind;
  if (!isWhole || unasked.length > 0 || faults.length > 0)
    throw new Error(`${scene}: ${JSON.stringify({ found, unasked, faults: faults.slice(0, 3) })}`);
  const ms: number[] = [];
  let lines = 0;
  for (let i = 0; i < expected.runs; i++) {
    const run = await causeway(command, expected.rttMs);
    ms.push(run.ms);
    lines = run.out.trimEnd().split('\n').length;
  }
  return { scene, ms, medianMs: ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 2)] ?? 0, lines };
}

async function causeway(words: readonly string[], rttMs = 0): Promise<{ readonly ms: number; readonly out: string }> {
  const began = performance.now();
  const farAway = rttMs === 0 ? [] : ['--import', pathToFileURL(join(projectRoot, 'bench', 'far-away.mjs')).href];
  const child = spawn(process.execPath, [...farAway, join(projectRoot, 'bin', 'causeway.mjs'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, FAR_AWAY_MS: String(rttMs) },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return { ms: Math.round(performance.now() - began), out: Buffer.concat(chunks).toString() };
}

function describe(all: string, figures: readonly StatusFigures[]): string {
  const rows = figures.map(({ scene, ms, medianMs, lines }) => [
    scene,
    String(medianMs),
    String(Math.min(...ms)),
    String(Math.max(...ms)),
    String(lines),
  ]);
  return [all, '', ...table(['causeway status', 'median ms', 'least', 'most', 'lines'], rows)].join('\n');
}
