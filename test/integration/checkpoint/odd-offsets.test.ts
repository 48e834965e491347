import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { eventually } from '../kafka/target.ts';
import { CopiedFlow, inWords } from './copied-flow.ts';

vi.setConfig({ testTimeout: 120_000 });

async function copiedFlow(): Promise<CopiedFlow> {
  const flow = await CopiedFlow.start();
  onTestFinished(() => flow[Symbol.asyncDispose]());
  return flow;
}

describe('offsets that a log does not hold', () => {
  it('past the end of the source’s log say nothing, and keep no other group from its place', async () => {
    const flow = await copiedFlow();
    await flow.commitOnSource('past-end', 200);
    await flow.commitOnSource('right', 60);

    const report = await flow.begin().ticker.tick();

    expect(inWords(flow, report)).toEqual(['past-end: source-offset-past-log-end', 'right: none to 50']);
    expect(await flow.onTarget('past-end')).toBeUndefined();
    expect((await flow.checkpoints()).latest).toEqual(['right 60 to 50']);
  });

  it('that retention has passed on the source are translated all the same: the target may have the records yet', async () => {
    const flow = await copiedFlow();
    await flow.cut('source', 60);
    for (const [name, offset] of [
      ['long-ago', 20],
      ['in-a-hole', 45],
      ['at-start', 60],
    ] as const)
      await flow.commitOnSource(name, offset);

    const report = await flow.begin().ticker.tick();

    expect(inWords(flow, report)).toEqual(['at-start: none to 50', 'in-a-hole: none to 40', 'long-ago: none to 20']);
  });

  it('that retention has passed on the target become the start of its log, where a consumer really begins', async () => {
    const flow = await copiedFlow();
    await flow.commitOnSource('long-ago', 20);
    const { ticker } = flow.begin();
    expect(inWords(flow, await ticker.tick())).toEqual(['long-ago: none to 20']);
    await flow.cut('target', 45);

    const report = await ticker.tick(true);

    expect(inWords(flow, report)).toEqual(['long-ago: 20 to 45']);
    expect((await flow.checkpoints()).latest).toEqual(['long-ago 20 to 45']);
  });

  it('past the end of the target’s log are left there, with the reason', async () => {
    const flow = await copiedFlow();
    await flow.commitOnSource('strayed', 60);
    await flow.commitOnTarget('strayed', 500);

    const report = await flow.begin().ticker.tick();

    expect(inWords(flow, report)).toEqual(['strayed: target-offset-past-log-end']);
    expect(await flow.onTarget('strayed')).toBe(500);
    expect((await flow.checkpoints()).latest).toEqual(['strayed 60 to 50']);
  });
});

describe('a map whose old runs have expired', () => {
  it('places no group that is older than it, until the target has nothing older either', async () => {
    const flow = await copiedFlow();
    await flow.expireClosedRun();
    await flow.commitOnSource('long-ago', 20);
    await flow.commitOnSource('right', 60);

    const before = await flow.begin().ticker.tick();
    expect(inWords(flow, before)).toEqual(['long-ago: older-than-map', 'right: none to 50']);
    expect(before.plans[0]?.partitions[0]?.decision).toMatchObject({ detail: 'nearest: 50 is 40 on the target' });
    expect(await flow.onTarget('long-ago')).toBeUndefined();
    expect((await flow.checkpoints()).latest).toEqual(['right 60 to 50']);

    await flow.cut('target', 40);
    expect(inWords(flow, await flow.begin().ticker.tick())).toEqual(['long-ago: none to 40', 'right: unchanged']);
  });
});

describe('topics that are gone', () => {
  it('on the target: nothing is set, nothing fails, and the other groups go on', async () => {
    const flow = await copiedFlow();
    await flow.commitOnSource('billing', 60);
    const { ticker } = flow.begin();
    await ticker.tick();
    await flow.deleteTopic('target');
    await flow.commitOnSource('billing', 70);

    const report = await ticker.tick(true);

    expect(inWords(flow, report)).toEqual(['billing: no-remote-partition']);
    expect([report.sourceError, report.errors]).toEqual([undefined, []]);
    expect((await flow.checkpoints()).latest).toEqual(['billing 60 to 50']);
  });

  it('on the source: the group stays where it was set last', async () => {
    const flow = await copiedFlow();
    await flow.commitOnSource('billing', 60);
    const { ticker } = flow.begin();
    await ticker.tick();
    await flow.deleteTopic('source');

    // The broker drops the offsets of a deleted topic some time after it.
    const report = await eventually(
      () => ticker.tick(true),
      (tick) => inWords(flow, tick).length === 0,
      90_000,
    );

    expect([report.sourceError, report.errors]).toEqual([undefined, []]);
    expect(await flow.onTarget('billing')).toBe(50);
    expect((await flow.checkpoints()).latest).toEqual(['billing 60 to 50']);
  });

  it.each(['source', 'target'] as const)(
    'and made anew on the %s: the map of the one before is not used',
    async (side) => {
      const flow = await copiedFlow();
      await flow.makeAnew(side);
      await flow.commitOnSource('billing', 60);

      const report = await flow.begin().ticker.tick();

      expect(inWords(flow, report)).toEqual(['billing: topic-made-anew']);
      expect(await flow.onTarget('billing')).toBeUndefined();
      expect((await flow.checkpoints()).latest).toEqual([]);
    },
  );
});
