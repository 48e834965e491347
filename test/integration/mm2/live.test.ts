import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { uniqueName } from '../kafka/target.ts';
import { printed } from './console-consumer.ts';
import { mirrorMakerForTests } from './mirror-maker.ts';
import { type Copied, MirroredFlow, OFFSET_LAG_MAX } from './mirrored-flow.ts';

const RECORDS = 240;
const IN_A_TRANSACTION = 7;
const METADATA = 'half-way';

const mirrorMaker = mirrorMakerForTests();

describe.each(['source', 'target'] as const)('with offset syncs on the %s, a flow', (location) => {
  /** Its source offsets have holes, those of `payments` none. */
  const orders = uniqueName('orders');
  const payments = uniqueName('payments');
  let flow: MirroredFlow;
  let heartbeats: Awaited<ReturnType<MirroredFlow['copyHeartbeats']>>;
  beforeAll(async () => {
    flow = await MirroredFlow.start(location);
    await flow.copyTopic(orders, RECORDS, IN_A_TRANSACTION);
    await flow.copyTopic(payments, RECORDS);
    heartbeats = await flow.copyHeartbeats();
  });
  afterAll(async () => {
    await flow?.[Symbol.asyncDispose]();
  });

  test('writes offset syncs that MirrorMaker 2 translates by: never too far, and at the end within offset.lag.max', async () => {
    for (const topic of [orders, payments]) {
      const copied = await flow.copied(topic);
      const end = (copied.at(-1)?.source ?? 0) + 1;
      const upstream = Array.from({ length: end + 1 }, (_, offset) => offset);

      const [answer] = await mirrorMaker.ask('live offset syncs', [
        { properties: flow.connectorProperties, topic, partition: 0, upstream },
      ]);

      const { translated } = z.object({ translated: z.array(z.number()) }).parse(answer);
      const behind = translated.map((target, offset) => exactly(copied, offset) - target);
      expect({ topic, least: Math.min(...behind) }).toEqual({ topic, least: 0 });
      expect(behind[0]).toBe(0);
      expect(behind.at(-1)).toBeLessThanOrEqual(OFFSET_LAG_MAX);
      expect(behind.filter((records) => records === 0).length).toBeGreaterThan(5);
    }
  });

  test('writes offset syncs that the console prints, of which each is one record on both sides', async () => {
    const found = new Set<string>();
    for (const topic of [orders, payments])
      for (const { source, target } of await flow.copied(topic)) found.add(sync(topic, source, target));

    const count = await flow.offsetSyncs();
    const lines = await printed(flow.servers[location], flow.offsetSyncsTopic, 'OffsetSyncFormatter', count);

    const own = lines.filter((line) => !line.includes('heartbeats-0'));
    const of = (topic: string) => own.filter((line) => line.includes(topic)).length;
    expect(own.filter((line) => !found.has(line))).toEqual([]);
    expect(of(orders)).toBeGreaterThan(RECORDS / IN_A_TRANSACTION);
    expect(of(payments)).toBeGreaterThan(RECORDS / (OFFSET_LAG_MAX + 1));
  });

  test('writes checkpoints that Java’s clients and the console read: the first record that is not consumed', async () => {
    const [ofOrders, ofPayments] = [await flow.copied(orders), await flow.copied(payments)];
    const [half, end] = [150, (ofPayments.at(-1)?.source ?? 0) + 1];
    await flow.commitOnSource('billing', orders, half, METADATA);
    await flow.commitOnSource('audit', payments, end, '');
    await flow.carryGroupsOver();

    const [answer] = await mirrorMaker.ask('live client', [
      {
        properties: { 'bootstrap.servers': flow.servers.target },
        remoteCluster: flow.alias,
        groups: [flow.group('billing'), flow.group('audit'), flow.group('nobody')],
        timeoutMs: 20_000,
      },
    ]);
    const billing = { topic: flow.remote(orders), partition: 0, offset: exactly(ofOrders, half), metadata: METADATA };
    const audit = { topic: flow.remote(payments), partition: 0, offset: exactly(ofPayments, end), metadata: '' };
    expect(answer).toMatchObject({
      heartbeatTopics: expect.arrayContaining([flow.remote('heartbeats')]),
      checkpointTopics: expect.arrayContaining([flow.checkpointsTopic]),
      upstreamClusters: expect.arrayContaining([flow.alias]),
      replicationHops: 1,
      groups: { [flow.group('billing')]: [billing], [flow.group('audit')]: [audit], [flow.group('nobody')]: [] },
    });
    const { remoteTopics } = z.object({ remoteTopics: z.array(z.string()) }).parse(answer);
    expect(remoteTopics.toSorted()).toEqual(['heartbeats', orders, payments].map((topic) => flow.remote(topic)));

    const lines = await printed(flow.servers.target, flow.checkpointsTopic, 'CheckpointFormatter', 2);
    expect(lines.toSorted()).toEqual([
      checkpoint(flow.group('audit'), end, audit),
      checkpoint(flow.group('billing'), half, billing),
    ]);
  });

  test('writes heartbeats that the console prints, from their copy on the target', async () => {
    const { written, copied } = heartbeats;

    const lines = await printed(flow.servers.target, flow.remote('heartbeats'), 'HeartbeatFormatter', copied);

    const own = lines.filter((line) => line.includes(`sourceClusterAlias=${flow.targetAlias}`));
    expect(own).toEqual(Array(written).fill(expect.stringMatching(heartbeat(flow.targetAlias, flow.alias))));
    expect(written).toBeGreaterThan(0);
  });
});

/** The first record at or after a source offset, as its target offset; past the last one, where the next will be. */
function exactly(copied: readonly Copied[], source: number): number {
  const next = copied.find((each) => each.source >= source);
  return next?.target ?? (copied.at(-1)?.target ?? -1) + 1;
}

function sync(topic: string, source: number, target: number): string {
  return `OffsetSync{topicPartition=${topic}-0, upstreamOffset=${source}, downstreamOffset=${target}}`;
}

function checkpoint(
  group: string,
  upstream: number,
  { topic, offset, metadata }: { readonly topic: string; readonly offset: number; readonly metadata: string },
): string {
  return (
    `Checkpoint{consumerGroupId=${group}, topicPartition=${topic}-0, ` +
    `upstreamOffset=${upstream}, downstreamOffset=${offset}, metadata=${metadata}}`
  );
}

function heartbeat(source: string, target: string): RegExp {
  return new RegExp(`^Heartbeat\\{sourceClusterAlias=${source}, targetClusterAlias=${target}, timestamp=\\d{13}\\}$`);
}
