import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import { LatestCheckpoints } from '../../../shared/mm2/latest-checkpoints.ts';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';
import { OffsetSyncEmitter } from '../../../shared/mm2/offset-sync-emitter.ts';
import { OffsetSyncStore, Untranslatable } from '../../../shared/mm2/offset-sync-store.ts';
import { mirrorMakerForTests } from './mirror-maker.ts';
import { sample } from './sample.ts';

const HISTORIES = 300;

const mirrorMaker = mirrorMakerForTests();

type Step =
  | ({ readonly do: 'acknowledged' | 'add' } & OffsetSync)
  | { readonly do: 'committed' | 'answered' | 'loaded' }
  | { readonly do: 'translate'; readonly upstream: number };

interface Move {
  readonly up: number;
  readonly down: number;
}

/** The places that moves forward and back lead to, one after the other. */
function walk<M extends Move>(moves: readonly M[]) {
  const clamp = (offset: number) => Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, offset));
  let at = { upstreamOffset: sourceOffset(0), downstreamOffset: targetOffset(0) };
  return moves.map((move) => {
    at = {
      upstreamOffset: sourceOffset(clamp(at.upstreamOffset + move.up)),
      downstreamOffset: targetOffset(clamp(at.downstreamOffset + move.down)),
    };
    return { move, at };
  });
}

test('offset syncs are written when MirrorMaker 2 writes them', async () => {
  const mostlyNext = fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: -3, max: 9 }));
  const step = fc.record({
    do: fc.oneof(
      { weight: 8, arbitrary: fc.constant('acknowledged' as const) },
      { weight: 2, arbitrary: fc.constant('answered' as const) },
      fc.constant('committed' as const),
    ),
    partition: fc.nat(2),
    up: mostlyNext,
    down: mostlyNext,
  });
  const history = fc.record({ offsetLagMax: fc.nat(6), steps: fc.array(step, { minLength: 30, maxLength: 90 }) });
  const histories = sample(history, HISTORIES).map(({ offsetLagMax, steps }) => ({
    offsetLagMax,
    steps: walk(steps).map(
      ({ move, at }): Step =>
        move.do === 'acknowledged' ? { do: move.do, topic: 't', partition: move.partition, ...at } : { do: move.do },
    ),
  }));

  const theirs = await mirrorMaker.ask('choose offset syncs', histories);

  expect(histories.map(({ offsetLagMax, steps }) => ({ sent: sentIn(offsetLagMax, steps) }))).toEqual(theirs);
});

function sentIn(offsetLagMax: number, steps: readonly Step[]) {
  const emitter = new OffsetSyncEmitter(offsetLagMax);
  return steps.map((step) => {
    if (step.do === 'acknowledged') {
      const run = { source: step.upstreamOffset, target: step.downstreamOffset, length: 1 };
      return emitter.acknowledged(step, run);
    }
    if (step.do === 'committed') return emitter.committed();
    emitter.answered();
    return [];
  });
}

test.each([
  ['of all that the topic has', true],
  ['of the last before the start', false],
])('offset syncs are kept, and translate, as in MirrorMaker 2: %s', async (_, keepHistory) => {
  const far = fc.nat(52).map((power) => 2 ** power);
  const up = fc.oneof(
    { weight: 12, arbitrary: fc.nat(120) },
    { weight: 2, arbitrary: far },
    { weight: 1, arbitrary: fc.integer({ min: -200, max: -1 }) },
  );
  const step = fc.record({
    do: fc.oneof(
      { weight: 3, arbitrary: fc.constant('add' as const) },
      { weight: 2, arbitrary: fc.constant('translate' as const) },
    ),
    up,
    down: fc.nat(200),
    back: fc.oneof(fc.constant(0), fc.nat(3000), far),
  });
  const history = fc.record({ steps: fc.array(step, { maxLength: 150 }), loadedAt: fc.nat(60) });
  const histories = sample(history, HISTORIES).map(({ steps, loadedAt }) => ({
    keepHistory,
    steps: walk(steps)
      .map(
        ({ move, at }): Step =>
          move.do === 'add'
            ? { do: 'add', topic: 't', partition: 0, ...at }
            : { do: 'translate', upstream: Math.max(0, at.upstreamOffset - move.back) },
      )
      .toSpliced(loadedAt, 0, { do: 'loaded' }),
  }));

  const theirs = await mirrorMaker.ask('keep offset syncs', histories);

  expect(histories.map(({ steps }) => ({ answers: answersOf(keepHistory, steps) }))).toEqual(theirs);
});

function answersOf(keepHistory: boolean, steps: readonly Step[]) {
  const store = new OffsetSyncStore(keepHistory);
  const of = { topic: 't', partition: 0 };
  return steps.map((step) => {
    if (step.do === 'add') {
      const { do: _, ...sync } = step;
      store.add(sync);
      return store.kept(of);
    }
    if (step.do === 'translate') {
      const translation = store.translate(of, sourceOffset(step.upstream));
      if (translation.offset !== undefined) return translation.offset;
      return translation.reason === Untranslatable.tooOld ? -1 : null;
    }
    store.loaded();
    return null;
  });
}

test('checkpoints are written when MirrorMaker 2 writes them', async () => {
  const step = fc.record({
    group: fc.constantFrom('billing', 'audit'),
    topic: fc.constantFrom('orders', 'orders-1'),
    partition: fc.nat(1),
    up: fc.integer({ min: -2, max: 3 }),
    down: fc.integer({ min: -2, max: 3 }),
    metadata: fc.constantFrom('', 'm'),
  });
  const sequences = sample(fc.array(step, { minLength: 10, maxLength: 80 }), HISTORIES).map((steps) =>
    walk(steps).map(({ move: { group, topic, partition, metadata }, at }) => ({
      group,
      topic,
      partition,
      ...at,
      metadata,
    })),
  );

  const theirs = await mirrorMaker.ask(
    'choose checkpoints',
    sequences.map((checkpoints) => ({ checkpoints })),
  );

  const ours = sequences.map((checkpoints) => {
    const latest = new LatestCheckpoints();
    const written = checkpoints.map((next) => {
      const due = latest.due([next]);
      for (const each of due) latest.written(each);
      return due.length === 1;
    });
    return { written };
  });
  expect(ours).toEqual(theirs);
  expect(ours.flatMap(({ written }) => written)).toContain(false);
});
