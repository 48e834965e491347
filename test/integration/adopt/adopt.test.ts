import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { until } from '../../../local/region/until.ts';
import { openTranslator } from '../../../shared/client/translate.ts';
import { uniqueName } from '../kafka/target.ts';
import { MirrorMaker2 } from './mirror-maker-2.ts';
import { PARTITIONS, Scene } from './scene.ts';
import { Writer } from './writer.ts';

/** MirrorMaker 2 takes ten seconds to start, and several times as long on a busy machine. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const COPIES_WITHIN_MS = 90_000;
const GONE_WITHIN_MS = 30_000;

const partitionAnswer = z.object({
  partition: z.number(),
  outcome: z.string(),
  nextSource: z.number(),
  nextTarget: z.number().optional(),
  duplicates: z.number().optional(),
  beyondRecord: z.number().optional(),
});
const answer = z.object({
  flows: z.tuple([
    z.object({
      carriedOut: z.boolean(),
      topics: z.array(z.object({ topic: z.string(), partitions: z.array(partitionAnswer) })),
    }),
  ]),
});
type PartitionAnswer = z.infer<typeof partitionAnswer>;

/** Was being copied when MirrorMaker 2 was killed, and is taken over then. */
const killed = uniqueName('killed');
/** Was being copied then, too, and copied again by the one that was started next. */
const restarted = uniqueName('restarted');
/** Was copied by that one alone, which was stopped as an operator does. */
const stopped = uniqueName('stopped');

let scene: Scene;
let mirrorMaker: MirrorMaker2;
let recordedWhenKilled: ReadonlyMap<string, number>;
const writers: Writer[] = [];

beforeAll(async () => {
  scene = await Scene.set();
  for (const topic of [killed, restarted, stopped]) await scene.makeTopic(topic);
  mirrorMaker = await MirrorMaker2.start(scene.configure([killed, restarted]));
  writers.push(new Writer(scene.source, [killed], PARTITIONS));
  writers.push(new Writer(scene.source, [restarted, stopped], PARTITIONS));
});

afterAll(async () => {
  for (const writer of writers) await writer[Symbol.asyncDispose]();
  await mirrorMaker?.[Symbol.asyncDispose]();
  await scene?.[Symbol.asyncDispose]();
});

/** @param before what it had recorded when it was started */
async function untilCopying(topics: readonly string[], before?: ReadonlyMap<string, number>): Promise<void> {
  await until(
    async () => {
      mirrorMaker.check();
      return scene.isBeyondRecord(topics, before);
    },
    COPIES_WITHIN_MS,
    (last) => (last instanceof Error ? last : new Error('MirrorMaker 2 does not copy')),
  );
}

/** What was taken over, by topic. */
async function takeOver(...options: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionAnswer[]>> {
  const { out, err, exitCode } = await scene.causeway('adopt', '--yes', '--json', ...options);
  expect(err).toBe('');
  expect(exitCode, out).toBe(0);
  const [{ carriedOut, topics }] = answer.parse(JSON.parse(out)).flows;
  expect(carriedOut).toBe(true);
  return new Map(topics.map(({ topic, partitions }) => [topic, partitions]));
}

/** Causeway goes on until all that was written is replicated. */
async function goOn(topic: string, adopted: readonly PartitionAnswer[] = []): Promise<void> {
  await using causeway = scene.causewayFor([topic]);
  const first = await causeway.replicate(topic, await scene.sourceEnds(topic));
  // Its mapping begins where HEAD goes on.
  expect(first).toEqual(new Map(adopted.map(({ partition, nextSource }) => [partition, nextSource])));
}

test('MirrorMaker 2 is not taken over while it is running', async () => {
  await untilCopying([killed, restarted]);

  const { exitCode, out } = await scene.causeway('adopt', '--yes');

  expect(exitCode).toBe(1);
  expect(out).toContain('MirrorMaker 2 is running');
  expect(out).toContain('Stop MirrorMaker 2 on every worker');
  expect(out).not.toContain('taken over:');
});

test('killed in mid-flow, it is followed after the last record that it copied: none lost, none twice', async () => {
  await mirrorMaker.killWhen(() => scene.isBeyondRecord([killed, restarted]));
  recordedWhenKilled = await scene.recorded();
  mirrorMaker = await MirrorMaker2.start(scene.configure([restarted, stopped]));

  const adopted = (await takeOver('--topic', killed, '--workers-idle')).get(killed) ?? [];
  expect(adopted.map(({ outcome }) => outcome)).toEqual(Array.from({ length: PARTITIONS }, () => 'adopted'));
  // What it had recorded would not have been enough.
  for (const { beyondRecord } of adopted) expect(beyondRecord).toBeGreaterThan(0);
  await writers[0]?.stop();
  await goOn(killed, adopted);

  for (const { source, target } of await scene.logs(killed)) {
    expect(source.length).toBeGreaterThan(0);
    expect(target).toEqual(source);
  }
});

test('stopped, it is followed in the same way, and what it copied twice itself is told', async () => {
  await untilCopying([restarted, stopped], recordedWhenKilled);
  await mirrorMaker.end('SIGTERM');
  await until(
    async () => !(await scene.hasWorkers()),
    GONE_WITHIN_MS,
    () => new Error('the group of the workers does not become empty'),
  );

  const adopted = await takeOver();
  await writers[1]?.stop();
  await goOn(stopped, adopted.get(stopped));
  await goOn(restarted, adopted.get(restarted));

  for (const { source, target } of await scene.logs(stopped)) expect(target).toEqual(source);
  for (const [partition, { source, target }] of (await scene.logs(restarted)).entries()) {
    const { nextSource = 0, nextTarget = 0, duplicates = 0 } = adopted.get(restarted)?.[partition] ?? {};
    expect(duplicates).toBeGreaterThan(0);
    expect(nextTarget).toBe(nextSource + duplicates);
    // All that Causeway appended is what was due, and no more.
    expect(target.slice(nextTarget)).toEqual(source.slice(nextSource));
    expect(new Set(target)).toEqual(new Set(source));
  }
});

test('taking over again changes nothing', async () => {
  const { exitCode, out } = await scene.causeway('adopt', '--yes', '--json');

  expect(exitCode, out).toBe(0);
  const [{ topics }] = answer.parse(JSON.parse(out)).flows;
  const outcomes = topics.flatMap(({ partitions }) => partitions.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(Array.from({ length: 2 * PARTITIONS }, () => 'replicated'));
});

test('offsets from before and after it are translated to the same records, both ways', async () => {
  const { flow, source, target } = scene;
  await using opened = openTranslator({ flow, offsetMap: { region: 'us-west-2' }, source, target });
  for (const topic of [killed, restarted])
    for (const [partition, logs] of (await scene.logs(topic)).entries())
      for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
        const offset = Math.floor(logs.source.length * share);
        const { to } = await opened.translator.translateOffset({ topic, partition }, offset);
        expect(logs.target[to.offset]).toBe(logs.source[offset]);
        const back = await opened.translator.translateOffset(to, to.offset, 'backward');
        expect(back.to.offset).toBe(offset);
      }
});
