import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { physicalName } from '../infra/flow/names.ts';
import { VERIFY_MEMORY_MB } from '../infra/flow/verify.ts';
import { projectRoot } from '../local/setup/project.ts';
import { packVariable } from '../shared/adapters/lambda/packed-variable.ts';
import { encodeFlow } from '../shared/config/flow-json.ts';
import { parseConfiguration } from '../shared/config/parse-configuration.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { difference, tally } from '../shared/verify/difference.ts';
import { measured } from './verify-process.ts';
import type { VerifyScene } from './verify-scene.ts';

const partitions = z.array(z.object({ partition: z.number(), differences: z.array(difference) }));

/** What was found in the scene, and what it took. */
export interface Compared {
  /** Records that are the same. */
  readonly same: number;
  /** By kind, how many records are not. */
  readonly found: {
    readonly changed: number;
    readonly missing: number;
    readonly extra: number;
    readonly reordered: number;
  };
  readonly partitions: z.infer<typeof partitions>;
  readonly ms: number;
  /** Most memory of each process, the largest first: the command has another one that starts it. */
  readonly memoryMb: readonly number[];
  /** What they may have at most, together. */
  readonly mostMb: number;
}

const MOST_MB_OF_COMMAND = 300;
/** Four partitions hold 32 MB of each side, and what is read ahead. */
const MOST_MB_OF_LARGE = 640;
const LARGE_BYTES = 10_000;

/** Of `causeway verify --json`. */
const answer = z.object({
  flows: z.tuple([z.object({ report: z.object({ records: tally, partitions }) })]),
});

/** By the command, as somebody has it compared once. */
export async function byCommand(scene: VerifyScene, folder: string): Promise<Compared> {
  const words = ['verify', '--config', scene.writeConfiguration(folder), '--prefix', scene.prefix, '--json'];
  const command = [join(projectRoot, 'bin', 'causeway.mjs'), ...words];
  const { output, ms, memoryMb } = await measured(folder, command, 'passed on');
  const [{ report }] = answer.parse(JSON.parse(output)).flows;
  return {
    same: report.records.same,
    found: report.records,
    partitions: report.partitions,
    ms,
    memoryMb,
    mostMb: scene.valueBytes > LARGE_BYTES ? MOST_MB_OF_LARGE : MOST_MB_OF_COMMAND,
  };
}

/** Of the function's log: a slice with something in it, one difference of it, and its metrics. */
const slice = z.object({ records: tally });
const told = z.object({ partition: z.number(), difference });
const metrics = z.object({
  _aws: z.object({}),
  RecordsVerified: z.number().optional(),
  PartitionsUnverified: z.number().optional(),
});

/** By the function that a schedule calls, called twice, on what it has never seen. @throws Error for what it could not verify */
export async function bySchedule(scene: VerifyScene, folder: string): Promise<Compared> {
  const invocation = [join(import.meta.dirname, 'verify-invocation.ts')];
  const { output, ms, memoryMb } = await measured(folder, invocation, 'output', variablesOf(scene, folder));
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line));
  const of = <T>(schema: z.ZodType<T>) => lines.flatMap((line) => schema.safeParse(line).data ?? []);
  const published = of(metrics);
  const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((all, each) => all + (each ?? 0), 0);
  const unverified = sum(published.map(({ PartitionsUnverified }) => PartitionsUnverified));
  if (published.length === 0 || unverified > 0) throw new Error(`not all was verified:\n${output}`);
  const slices = of(slice).map(({ records }) => records);
  const found = {
    changed: sum(slices.map(({ changed }) => changed)),
    missing: sum(slices.map(({ missing }) => missing)),
    extra: sum(slices.map(({ extra }) => extra)),
    reordered: sum(slices.map(({ reordered }) => reordered)),
  };
  const differences = of(told).map(({ partition, difference }) => ({ partition, differences: [difference] }));
  const same = sum(published.map(({ RecordsVerified }) => RecordsVerified));
  return { same, found, partitions: differences, ms, memoryMb, mostMb: VERIFY_MEMORY_MB };
}

/** The function's, as the stack of the flow's target sets them. */
function variablesOf(scene: VerifyScene, folder: string): Record<string, string> {
  const path = scene.writeConfiguration(folder);
  const [flow] = parseConfiguration(readFileSync(path, 'utf8'), { file: path }).configuration.flows;
  if (flow === undefined) throw new Error('the configuration has no flow');
  return {
    FLOW: packVariable(encodeFlow(flow)),
    OFFSET_MAP_TABLE: physicalName(scene.prefix, flowOf(flow), 'offset-map'),
    OFFSET_MAP_REGION: flow.target.region ?? '',
    POWERTOOLS_SERVICE_NAME: 'verify',
    AWS_LAMBDA_FUNCTION_NAME: 'verify',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(VERIFY_MEMORY_MB),
  };
}
