import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { CopiedFlow } from '../checkpoint/copied-flow.ts';

vi.setConfig({ testTimeout: 120_000 });

async function copiedFlow() {
  const flow = await CopiedFlow.start();
  const { translator, close } = flow.translator();
  onTestFinished(async () => {
    await Promise.all([close(), flow[Symbol.asyncDispose]()]);
  });
  return { flow, translator };
}

describe('a translator never guesses', () => {
  test('where a topic, a partition or a group is not known, in either direction', async () => {
    const { flow, translator } = await copiedFlow();
    const unknown = { code: 'UNKNOWN_TOPIC_PARTITION' };
    // On a cluster without any group no broker coordinates groups yet.
    await Promise.all([flow.commitOnSource('somebody', 10), flow.commitOnTarget('somebody', 10)]);

    for (const direction of ['forward', 'backward'] as const) {
      const topic = direction === 'forward' ? flow.topic : flow.remoteTopic;
      const ask = (name: string, partition: number) =>
        translator.translateOffset({ topic: name, partition }, 10, direction);
      await expect(ask(`${topic}-misspelt`, 0)).rejects.toMatchObject(unknown);
      await expect(ask(topic, 7)).rejects.toMatchObject(unknown);
      await expect(translator.translateGroup(flow.group('nobody'), direction)).rejects.toMatchObject({
        code: 'UNKNOWN_GROUP',
      });
    }
  });

  test('where the runs of an offset have expired: it tells the nearest that is known', async () => {
    const { flow, translator } = await copiedFlow();
    await flow.expireClosedRun();
    await flow.commitOnSource('long-ago', 20);
    const tooOld = { code: 'OUT_OF_RANGE', nearest: { source: 50, target: 40 } };

    for (const [topic, direction] of [
      [flow.topic, 'forward'],
      [flow.remoteTopic, 'backward'],
    ] as const)
      await expect(translator.translateOffset({ topic, partition: 0 }, 20, direction)).rejects.toMatchObject(tooOld);
    expect(await translator.translateGroup(flow.group('long-ago'))).toMatchObject({
      partitions: [],
      untranslated: [{ from: { topic: flow.topic, partition: 0, offset: 20 }, error: tooOld }],
    });
    expect(await translator.translateOffset({ topic: flow.topic, partition: 0 }, 50)).toMatchObject({
      to: { offset: 40 },
      exact: true,
    });
  });

  test('where nothing that has expired is left in the log, it is not needed: the log’s start is exact', async () => {
    const { flow, translator } = await copiedFlow();
    await flow.expireClosedRun();
    await flow.cut('target', 60);

    expect(await translator.translateOffset({ topic: flow.topic, partition: 0 }, 20)).toMatchObject({
      to: { offset: 60 },
      exact: true,
    });
  });

  test('where a group’s offset lies past the end of its log', async () => {
    const { flow, translator } = await copiedFlow();
    await flow.commitOnSource('past-end', 200);

    expect(await translator.translateGroup(flow.group('past-end'))).toMatchObject({
      partitions: [],
      untranslated: [{ error: { code: 'OUT_OF_RANGE', nearest: { source: 90, target: 80 } } }],
    });
  });

  test.each([
    ['target', 'forward'],
    ['source', 'backward'],
  ] as const)('where the %s, to go on with, has the topic no longer', async (side, direction) => {
    const { flow, translator } = await copiedFlow();
    const topic = direction === 'forward' ? flow.topic : flow.remoteTopic;
    expect(await translator.translateOffset({ topic, partition: 0 }, 60, direction)).toMatchObject({ exact: true });
    await flow.deleteTopic(side);

    await expect(translator.translateOffset({ topic, partition: 0 }, 60, direction)).rejects.toMatchObject({
      code: 'TOPIC_MISSING',
    });
  });
});
