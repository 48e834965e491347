import { z } from 'zod';
import { type LostRegion, loseRegion, type Resumed, returnRegion, whenResumed } from '../applications/emergency.ts';
import { loseControlPlane, returnControlPlane } from '../region/outage.ts';
import type { Regions } from '../region/regions.ts';
import { until } from '../region/until.ts';
import { step } from '../setup/steps.mjs';
import { causeway, causewayJson } from './causeway.ts';
import { showClients } from './clients.ts';
import { showOpening, showStatus } from './opening.ts';
import { proveAll } from './proving.ts';
import { flowOption, type Scene } from './scene.ts';
import { watch } from './watch.ts';

const RESUME_MS = 180_000;
const TAIL_MS = 180_000;

/** Of `causeway failover status --json`. */
const standing = z.object({
  stages: z.array(z.object({ stage: z.string(), says: z.string(), evidence: z.record(z.string(), z.unknown()) })),
});
const interval = z.object({ atLeast: z.number(), atMost: z.number() });
type Interval = z.infer<typeof interval>;
/** While applications are where a failover moved them. */
const tail = z.object({ leftBehind: z.object({ missing: z.number(), unknown: z.number() }) });

/** The region of the applications is lost under load, and comes back. @returns whether all of it is proven */
export async function showFailover(scene: Scene, regions: Regions, records: number): Promise<boolean> {
  const { address, source, target, applications, copies } = scene;
  const flow = flowOption(scene);
  await showOpening(scene, [
    `traffic: ${records} records`,
    `every broker of ${source.alias} is killed (SIGKILL) while applications write and read, and AWS of ${source.awsRegion} refuses every request`,
    `failover: they are moved to ${target.alias}, and it is told how much is left behind`,
    `${source.alias} comes back: what was left behind is copied after all, in order`,
    'proof: every record on both clusters against its copy, every record that a group read against the writers’ ledger',
  ]);
  await watch(scene, records);
  await showStatus(scene);
  showClients(applications);

  const lost = await step(`every broker of ${source.alias} killed`, () => loseRegion(regions, source.alias));
  await step(`AWS of ${source.awsRegion} refuses all`, () => loseControlPlane(regions.awsEndpoint, source));
  const resuming = whenResumed(applications, lost, { to: target.alias, timeoutMs: RESUME_MS });
  // Awaited once the runbook has gone through.
  resuming.catch(() => {});
  const start = ['failover', 'start', ...flow, '--approval', 'waived'];
  if (!(await causeway(address.runId, start))) return false;
  showResumed(lost, target.alias, await resuming);
  const told = toldBy(await causewayJson(address.runId, ['failover', 'status', ...flow]));
  const before = copies.count;

  await step(`${source.alias} comes back`, async () => {
    await returnControlPlane(regions.awsEndpoint, source);
    await returnRegion(regions, source.alias);
  });
  await step(
    'what was left behind arrives',
    () =>
      until(
        () => hasArrived(address.runId, flow),
        TAIL_MS,
        (last) => new Error(`not all has arrived: ${last}`),
      ),
    () => `${copies.count - before} records`,
  );
  const { groups, flows, copied } = await proveAll(scene);
  const [fromSource] = flows;
  const onSource = fromSource?.partitions.reduce((sum, each) => sum + each.records, 0) ?? 0;
  const leftBehind = onSource - before;
  const { isInside, line } = describeLoss(told, leftBehind);
  console.log(`\n${line}`);
  const arrived = groups.every(
    ({ lost: never, foreign, reordered }) => never + foreign === 0 && reordered <= leftBehind,
  );
  return copied && isInside && arrived;
}

/** @throws ZodError for what is no answer of a run that got as far as `bound-loss` */
export function toldBy(answer: unknown): Interval {
  const { stages } = standing.parse(answer);
  return interval.parse(stages.find(({ stage }) => stage === 'bound-loss')?.evidence);
}

async function hasArrived(runId: string, flow: readonly string[]): Promise<boolean> {
  const { leftBehind } = tail.parse(await causewayJson(runId, ['failover', 'status', ...flow]));
  return leftBehind.missing + leftBehind.unknown === 0;
}

/** @param leftBehind records that were on the source and not in the target, counted in their logs */
export function describeLoss({ atLeast, atMost }: Interval, leftBehind: number) {
  const isInside = atLeast <= leftBehind && leftBehind <= atMost;
  const verdict = isInside ? 'inside' : 'NOT inside';
  const line = `${leftBehind} records were left behind, counted in the logs: ${verdict} what the failover told, ${atLeast} to ${atMost}`;
  return { isInside, line };
}

function showResumed({ alias }: LostRegion, to: string, { writingMs, readingMs }: Resumed): void {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(8);
  console.log(`\nFrom the loss of ${alias} until it went on in ${to}`);
  console.log(`  ${'writing'.padEnd(12)}${seconds(writingMs)}`);
  for (const [group, ms] of readingMs) console.log(`  ${group.padEnd(12)}${seconds(ms)}`);
}
