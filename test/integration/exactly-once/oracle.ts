import type { ReadRecord } from '../../../local/demo/reader.ts';

/** A record that an application was acknowledged, in a committed transaction if in any. */
export interface WrittenRecord {
  readonly offset: number;
  /** Equal for no two records of a schedule. */
  readonly identity: string;
  readonly key: string | null;
}

/** One life of a source partition: until its topic is made anew, or its log cut back. */
export interface Incarnation {
  readonly written: readonly WrittenRecord[];
  /** False when the log was gone before all of it could be copied: what was copied is then a beginning of it. */
  readonly whole: boolean;
  /** Offset from which on the log was cut back to begin this life; undefined for a topic that was made. */
  readonly cutAt: number | undefined;
}

/** A ledger entry, as far as it matters here: `from` up to, not including, `to`. */
export interface LedgerRange {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** Of a target that was cut: where its log then ended. */
  readonly logEnd?: number | undefined;
}

/** What is known of one source partition and what an independent reader found. */
export interface Evidence {
  /** Those that belong into this target log, in order. */
  readonly incarnations: readonly Incarnation[];
  /** The last incarnation as it is at the end, records of aborted transactions left out. */
  readonly source: readonly ReadRecord[];
  readonly target: readonly ReadRecord[];
  /** Records below it were deleted from the last incarnation. */
  readonly deletedBelow: number;
  /** Whether the source keeps the last record of a key only. */
  readonly compacted: boolean;
  /** Whether every offset of the source holds a record, so that each hole in the copy must be in the ledger. */
  readonly dense: boolean;
  readonly ledger: readonly LedgerRange[];
}

/** A record of the target with where it stood on the source. */
export interface CopiedRecord {
  readonly incarnation: number;
  readonly source: number;
  readonly target: number;
}

export interface Comparison {
  readonly lost: number;
  /** Their offsets on the source, life by life. */
  readonly lostAt: readonly number[];
  readonly duplicated: number;
  readonly reordered: number;
  /** In the target, though never committed on the source. */
  readonly foreign: number;
  /** Ranges that are in the ledger and should not be, or should be and are not. */
  readonly ledgerFaults: readonly string[];
  /** Without duplicates, in the order of the target. */
  readonly copied: readonly CopiedRecord[];
}

/** Compares record for record, by identity alone: nothing that Causeway says of itself is believed but the ledger's ranges. */
export function compareLogs(evidence: Evidence): Comparison {
  const placeOf = new Map(
    evidence.incarnations.flatMap(({ written }, incarnation) =>
      written.map(({ identity, offset }) => [identity, { incarnation, source: offset }] as const),
    ),
  );
  const seen = new Map<string, CopiedRecord>();
  let [duplicated, reordered, foreign] = [0, 0, 0];
  let last = { incarnation: -1, source: -1 };
  for (const { identity, offset } of evidence.target) {
    const place = placeOf.get(identity);
    if (place === undefined) foreign++;
    else if (seen.has(identity)) duplicated++;
    else {
      seen.set(identity, { ...place, target: offset });
      if (isBefore(place, last)) reordered++;
      else last = place;
    }
  }
  const copied = [...seen.values()];
  const lostAt = [
    ...evidence.incarnations.flatMap((incarnation) => lostOf(incarnation, evidence, seen)),
    ...evidence.source.filter(({ identity }) => !placeOf.has(identity)),
  ].map(({ offset }) => offset);
  return {
    lost: lostAt.length,
    lostAt,
    duplicated,
    reordered,
    foreign,
    ledgerFaults: ledgerFaults(evidence, copied),
    copied,
  };
}

type Place = Pick<CopiedRecord, 'incarnation' | 'source'>;

function isBefore(a: Place, b: Place): boolean {
  return a.incarnation < b.incarnation || (a.incarnation === b.incarnation && a.source < b.source);
}

function lostOf(incarnation: Incarnation, evidence: Evidence, seen: ReadonlyMap<string, unknown>) {
  const isLast = incarnation === evidence.incarnations.at(-1);
  const keptBelow = evidence.incarnations[evidence.incarnations.indexOf(incarnation) + 1]?.cutAt ?? 0;
  const present = new Set(isLast ? evidence.source.map(({ identity }) => identity) : []);
  const { written } = incarnation;
  const copiedUpTo = written.findLastIndex(({ identity }) => seen.has(identity));
  const newestOfKey = new Map(written.map(({ key, offset }) => [key, offset]));
  return written.filter(({ identity, key, offset }, index) => {
    if (seen.has(identity)) return false;
    if (!incarnation.whole) return index < copiedUpTo || offset < keptBelow;
    if (present.has(identity)) return true;
    if (offset < evidence.deletedBelow) return !inLedger(evidence.ledger, offset);
    return !(evidence.compacted && key !== null && (newestOfKey.get(key) ?? -1) > offset);
  });
}

function inLedger(ledger: readonly LedgerRange[], offset: number): boolean {
  return ledger.some(({ kind, from, to }) => kind === 'retention-gap' && from <= offset && offset < to);
}

/** What the ledger should say, against what it says. Expected: every hole between copied records, and what was cut off. */
function ledgerFaults({ dense, incarnations, ledger }: Evidence, copied: readonly CopiedRecord[]): string[] {
  const expected = new Set<string>();
  let previous: CopiedRecord | undefined;
  for (const record of copied) {
    const sameLife = previous?.incarnation === record.incarnation;
    const cutAt = sameLife ? undefined : incarnations[record.incarnation]?.cutAt;
    if (previous && cutAt !== undefined && previous.source >= cutAt) {
      expected.add(`source-divergence ${cutAt}..${previous.source + 1}`);
    } else if (dense && previous && (sameLife || cutAt !== undefined) && record.source > previous.source + 1) {
      expected.add(`retention-gap ${previous.source + 1}..${record.source}`);
    }
    previous = record;
  }
  const found = new Set(ledger.map(({ kind, from, to }) => `${kind} ${from}..${to}`));
  return [
    ...[...expected].filter((range) => !found.has(range)).map((range) => `missing ${range}`),
    ...[...found].filter((range) => !expected.has(range)).map((range) => `unfounded ${range}`),
  ];
}
