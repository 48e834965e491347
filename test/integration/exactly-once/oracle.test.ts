import { describe, expect, it } from 'vitest';
import { compareLogs, type Evidence, type Incarnation, type WrittenRecord } from './oracle.ts';

/** Records named by their offset and the life of the log that they belong to: `a0`, `a1`, ... */
function life(name: string, from: number, to: number, rest: Partial<Incarnation> = {}): Incarnation {
  const written = Array.from({ length: to - from }, (_, i) => record(`${name}${from + i}`, from + i));
  return { written, whole: true, cutAt: undefined, ...rest };
}

function record(identity: string, offset: number, key: string | null = null): WrittenRecord {
  return { identity, offset, key };
}

function log(...identities: string[]) {
  return identities.map((identity, offset) => ({ identity, offset }));
}

function evidence(incarnation: Incarnation, target: readonly string[], rest: Partial<Evidence> = {}): Evidence {
  return {
    incarnations: [incarnation],
    source: incarnation.written,
    target: log(...target),
    deletedBelow: 0,
    compacted: false,
    dense: true,
    ledger: [],
    ...rest,
  };
}

const clean = { lost: 0, duplicated: 0, reordered: 0, foreign: 0, ledgerFaults: [] };

describe('The oracle', () => {
  it('accepts an exact copy, markers among it or not', () => {
    const target = [
      { identity: 'a0', offset: 0 },
      { identity: 'a1', offset: 2 },
      { identity: 'a2', offset: 3 },
    ];
    expect(compareLogs({ ...evidence(life('a', 0, 3), []), target })).toMatchObject(clean);
  });

  it('counts a record that is missing', () => {
    expect(compareLogs(evidence(life('a', 0, 4), ['a0', 'a1', 'a3']))).toMatchObject({ lost: 1, duplicated: 0 });
  });

  it('counts a record that is missing at the end', () => {
    expect(compareLogs(evidence(life('a', 0, 3), ['a0', 'a1']))).toMatchObject({ ...clean, lost: 1 });
  });

  it('counts records that are there twice', () => {
    const target = ['a0', 'a1', 'a0', 'a1', 'a2'];
    expect(compareLogs(evidence(life('a', 0, 3), target))).toMatchObject({ ...clean, duplicated: 2 });
  });

  it('counts a record that is before one it should follow', () => {
    const found = compareLogs(evidence(life('a', 0, 4), ['a0', 'a2', 'a1', 'a3']));
    expect(found).toMatchObject({ lost: 0, duplicated: 0, reordered: 1 });
  });

  it('counts what was never committed on the source, as records of an aborted transaction', () => {
    expect(compareLogs(evidence(life('a', 0, 2), ['a0', 'aborted', 'a1']))).toMatchObject({ ...clean, foreign: 1 });
  });

  it('counts a record of the source that no application was acknowledged', () => {
    const source = [...life('a', 0, 2).written, record('?', 2)];
    expect(compareLogs(evidence(life('a', 0, 2), ['a0', 'a1'], { source })).lost).toBe(1);
  });

  describe('of a compacted source', () => {
    const keyed: Incarnation = {
      written: [record('a0', 0, 'k'), record('a1', 1, 'other'), record('a2', 2, 'k')],
      whole: true,
      cutAt: undefined,
    };
    const compacted = { compacted: true, dense: false, source: keyed.written.slice(1) };

    it('excuses a record that a newer one of its key replaced', () => {
      expect(compareLogs(evidence(keyed, ['a1', 'a2'], compacted))).toMatchObject(clean);
    });

    it('does not excuse the newest of a key', () => {
      expect(compareLogs(evidence(keyed, ['a0', 'a1'], compacted)).lost).toBe(1);
    });

    it('does not excuse a replaced record that the source still holds', () => {
      const found = compareLogs(evidence(keyed, ['a1', 'a2'], { ...compacted, source: keyed.written }));
      expect(found.lost).toBe(1);
    });
  });

  describe('of a source whose front was deleted', () => {
    const cut = { deletedBelow: 4, source: life('a', 4, 6).written };
    const target = ['a0', 'a1', 'a4', 'a5'];
    const gap = { kind: 'retention-gap', from: 2, to: 4 };

    it('excuses exactly what the ledger names', () => {
      expect(compareLogs(evidence(life('a', 0, 6), target, { ...cut, ledger: [gap] }))).toMatchObject(clean);
    });

    it('wants every gap in the ledger', () => {
      const found = compareLogs(evidence(life('a', 0, 6), target, cut));
      expect(found).toMatchObject({ lost: 2, ledgerFaults: ['missing retention-gap 2..4'] });
    });

    it('takes no range that is one off', () => {
      const ledger = [{ ...gap, to: 5 }];
      expect(compareLogs(evidence(life('a', 0, 6), target, { ...cut, ledger })).ledgerFaults).toEqual([
        'missing retention-gap 2..4',
        'unfounded retention-gap 2..5',
      ]);
    });

    it('does not let the ledger excuse what was never deleted', () => {
      const ledger = [{ ...gap, to: 5 }];
      const found = compareLogs(evidence(life('a', 0, 6), ['a0', 'a1', 'a5'], { ...cut, ledger }));
      expect(found.lost).toBe(1);
    });
  });

  describe('of a source with several lives', () => {
    it('accepts the beginning of a topic that was deleted, then all of the new one', () => {
      const incarnations = [life('a', 0, 5, { whole: false }), life('b', 0, 2)];
      const found = compareLogs({ ...evidence(life('b', 0, 2), ['a0', 'a1', 'b0', 'b1']), incarnations });
      expect(found).toMatchObject(clean);
    });

    it('accepts no hole in that beginning, and no record of it behind the new ones', () => {
      const incarnations = [life('a', 0, 5, { whole: false }), life('b', 0, 2)];
      const found = compareLogs({ ...evidence(life('b', 0, 2), ['a0', 'a2', 'b0', 'a1', 'b1']), incarnations });
      expect(found.reordered).toBe(1);
    });

    it('wants what was copied beyond a cut in the ledger, and what is below the cut in the copy', () => {
      const incarnations = [life('a', 0, 5, { whole: false }), life('b', 3, 5, { cutAt: 3 })];
      const source = [...life('a', 0, 3).written, ...life('b', 3, 5).written];
      const target = ['a0', 'a1', 'a2', 'a3', 'b3', 'b4'];
      const cut = { ...evidence(life('b', 3, 5), target), incarnations, source };
      expect(compareLogs(cut).ledgerFaults).toEqual(['missing source-divergence 3..4']);
      expect(compareLogs({ ...cut, ledger: [{ kind: 'source-divergence', from: 3, to: 4 }] })).toMatchObject(clean);
      expect(compareLogs({ ...cut, target: log('a0', 'a1', 'b3', 'b4') }).lost).toBe(1);
    });
  });
});
