import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { MirrorMaker2 } from '../../../local/kafka/mirror-maker-2.ts';
import { until } from '../../../local/region/until.ts';
import { openTranslator } from '../../../shared/client/translate.ts';
import { uniqueName } from '../kafka/target.ts';
import { PARTITIONS, Scene } from './scene.ts';
import { Writer } from './writer.ts';

/** MirrorMaker 2 takes ten seconds to start, and several times as long on a busy machine. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** It is not worth the slower compiler's time here. */
const SMALL = ['-Xmx256m', '-XX:TieredStopAtLevel=1'];
const COPIES_WITHIN_MS = 90_000;
const GONE_WITHIN_MS = 30_000;

const partitionAnswer = z.object({
  partition: z.number(),
  outcome: z.string(),
  nextSource: z.number(),
  nextTarget: z.number().optional(),
  duplicates: z.number().optional(),
  beyondRecord: z.number().optional(),
  translatedFrom: z.object({ source: z.number(), target: z.number() }).optional(),
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
/** Was being copied then, too, in another flow, and copied again by the one that was started next. */
const restarted = uniqueName('restarted');
/** Was copied by that one alone, which was stopped as an operator does. */
const stopped = uniqueName('stopped');

/** The flow of `killed`, and that of the others, for which MirrorMaker 2 is started again. */
let lost: Scene;
let kept: Scene;
let mirrorMaker: MirrorMaker2;
let adoptedWhenKilled: readonly PartitionAnswer[] = [];
let recordedWhenKilled: ReadonlyMap<string, number>;
const writers = new Map<Scene, Writer>();

beforeAll(async () => {
  lost = await Scene.set(killed);
  kept = await Scene.set(restarted);
  mirrorMaker = await MirrorMaker2.start(lost.configure(kept), SMALL);
  for (const scene of [lost, kept]) writers.set(scene, new Writer(scene.source, scene.topics, PARTITIONS));
});

afterAll(async () => {
  for (const writer of writers.values()) await writer[Symbol.asyncDispose]();
  for (const each of [mirrorMaker, lost, kept]) await each?.[Symbol.asyncDispose]();
});

/** @param before what it had recorded when it was started */
async function untilCopying(scenes: readonly Scene[], before?: ReadonlyMap<string, number>): Promise<void> {
  await until(
    () => isBeyondRecord(scenes, before),
    COPIES_WITHIN_MS,
    (last) => (last instanceof Error ? last : new Error('MirrorMaker 2 does not copy')),
    mirrorMaker.ended,
  );
}

async function isBeyondRecord(scenes: readonly Scene[], before?: ReadonlyMap<string, number>): Promise<boolean> {
  const answers = await Promise.all(scenes.map((scene) => scene.isBeyondRecord(before)));
  return answers.every((each) => each);
}

/** What was taken over, by topic. */
async function takeOver(scene: Scene, ...options: readonly string[]) {
  const { out, err, exitCode } = await scene.causeway('adopt', '--yes', '--json', ...options);
  expect(err).toBe('');
  expect(exitCode, out).toBe(0);
  const [{ carriedOut, topics }] = answer.parse(JSON.parse(out)).flows;
  expect(carriedOut).toBe(true);
  return new Map(topics.map(({ topic, partitions }) => [topic, partitions]));
}

/** Causeway goes on until all that was written is replicated, from where the commits say that each mapping begins. */
async function goOn(scene: Scene, topic: string, adopted: readonly PartitionAnswer[] = []): Promise<void> {
  await writers.get(scene)?.stop();
  await using causeway = scene.deployed();
  const first = await causeway.replicate(topic, await scene.sourceEnds(topic));
  // That is where HEAD goes on.
  expect(first).toEqual(new Map(adopted.map(({ partition, nextSource }) => [partition, nextSource])));
}

/** As a mapping that had been told to begin a record further on than is due. */
async function goOnLater(scene: Scene, topic: string, adopted: readonly PartitionAnswer[] = []): Promise<void> {
  const groupId = uniqueName('mapping');
  const partitions = adopted.map(({ partition, nextSource }) => ({ partition, offset: String(nextSource + 1) }));
  const admin = scene.source.admin();
  await admin.connect();
  await admin.setOffsets({ groupId, topic, partitions });
  await admin.disconnect();
  await using causeway = scene.deployed();
  await causeway.replicate(topic, await scene.sourceEnds(topic), groupId);
}

/** As a mapping that was there before, and had begun at the log's start. */
async function goOnFromTheStart(scene: Scene, topic: string): Promise<void> {
  await writers.get(scene)?.stop();
  await using causeway = scene.deployed();
  const first = await causeway.replicate(topic, await scene.sourceEnds(topic), uniqueName('mapping'));
  expect([...first.values()]).toEqual(Array.from({ length: PARTITIONS }, () => 0));
}

test('MirrorMaker 2 is not taken over while it is running', async () => {
  await untilCopying([lost, kept]);

  const { exitCode, out } = await lost.causeway('adopt', '--yes');

  expect(exitCode).toBe(1);
  expect(out).toContain('MirrorMaker 2 is running');
  expect(out).toContain('Stop MirrorMaker 2 on every worker');
  expect(out).not.toContain('taken over:');
});

test('killed in mid-flow, it is followed after the last record that it copied: none lost, none twice', async () => {
  await mirrorMaker.killWhen(() => isBeyondRecord([lost, kept]));
  recordedWhenKilled = await kept.recorded();
  await kept.makeTopic(stopped);
  mirrorMaker = await MirrorMaker2.start(kept.configure(), SMALL);

  // Until its session times out, the worker that was killed is a member of its group.
  const adopted = await takeOver(lost, '--workers-idle', '--history', '0');
  expect(adopted.get(killed)?.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: PARTITIONS }, () => 'adopted'),
  );
  adoptedWhenKilled = adopted.get(killed) ?? [];
  // What it had recorded would not have been enough.
  for (const { beyondRecord } of adoptedWhenKilled) expect(beyondRecord).toBeGreaterThan(0);
  await goOn(lost, killed, adopted.get(killed));

  for (const { source, target } of await lost.logs(killed)) {
    expect(source.length).toBeGreaterThan(0);
    expect(target).toEqual(source);
  }
});

test('stopped, it is followed in the same way, and what it copied twice itself is told', async () => {
  await untilCopying([kept], recordedWhenKilled);
  await mirrorMaker.end('SIGTERM');
  await until(
    async () => !(await kept.hasWorkers()),
    GONE_WITHIN_MS,
    () => new Error('the group of the workers does not become empty'),
  );

  const adopted = await takeOver(kept);
  await writers.get(kept)?.stop();
  await expect(goOnLater(kept, restarted, adopted.get(restarted))).rejects.toThrow('MAPPING_BEGAN_LATE');
  await goOn(kept, restarted, adopted.get(restarted));
  await goOnFromTheStart(kept, stopped);

  for (const { source, target } of await kept.logs(stopped)) {
    expect(source.length).toBeGreaterThan(0);
    expect(target).toEqual(source);
  }
  for (const [partition, { source, target }] of (await kept.logs(restarted)).entries()) {
    const { nextSource = 0, nextTarget = 0, duplicates = 0 } = adopted.get(restarted)?.[partition] ?? {};
    expect(duplicates).toBeGreaterThan(0);
    expect(nextTarget).toBe(nextSource + duplicates);
    // All that Causeway appended is what was due, and no more.
    expect(target.slice(nextTarget)).toEqual(source.slice(nextSource));
    expect(new Set(target)).toEqual(new Set(source));
  }
});

test('taking over again changes nothing', async () => {
  const again = await takeOver(kept);

  // Heartbeats too are taken over, where another test writes some to the cluster meanwhile.
  const outcomes = [restarted, stopped].map((topic) => again.get(topic)?.map(({ outcome }) => outcome));
  const replicated = Array.from({ length: PARTITIONS }, () => 'replicated');
  expect(outcomes).toEqual([replicated, replicated]);
});

test('offsets from before and after it are translated to the same records, both ways', async () => {
  const { flow, source, target } = kept;
  await using opened = openTranslator({ flow, offsetMap: { region: 'us-west-2' }, source, target });
  for (const [partition, logs] of (await kept.logs(restarted)).entries())
    for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
      const offset = Math.floor(logs.source.length * share);
      const { to } = await opened.translator.translateOffset({ topic: restarted, partition }, offset);
      expect(logs.target[to.offset]).toBe(logs.source[offset]);
      const back = await opened.translator.translateOffset(to, to.offset, 'backward');
      expect(back.to.offset).toBe(offset);
    }
});

test('offsets are translated from where the logs were compared on; below, the answer is the nearest of those', async () => {
  const { flow } = lost;
  const clusters = { source: lost.source, target: lost.target };
  await using opened = openTranslator({ flow, offsetMap: { region: 'us-west-2' }, ...clusters });
  const logs = await lost.logs(killed);
  expect(adoptedWhenKilled).toHaveLength(PARTITIONS);
  for (const { partition, translatedFrom, nextSource } of adoptedWhenKilled) {
    const place = { topic: killed, partition };
    const begin = z.object({ source: z.number(), target: z.number() }).parse(translatedFrom);
    const { source = [], target = [] } = logs[partition] ?? {};
    expect(target[begin.target]).toBe(source[begin.source]);
    const { to } = await opened.translator.translateOffset(place, begin.source);
    expect(to.offset).toBe(begin.target);
    // All of both logs was compared only where a record that was due was one that the log had before.
    const due = new Set(source.slice(nextSource));
    expect(begin.source > 0 || source.slice(0, nextSource).some((record) => due.has(record))).toBe(true);
    if (begin.source === 0) continue;
    const below = opened.translator.translateOffset(place, begin.source - 1);
    await expect(below).rejects.toMatchObject({ code: 'OUT_OF_RANGE', nearest: begin });
  }
});
