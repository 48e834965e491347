/** How letters are compared: exactly, `(?i)` for ASCII letters only, `(?iu)` for all. */
export type CaseMode = 'exact' | 'ascii' | 'unicode';

const LAST_CASED = 0x1e943;

/** Code points, `from` and `to` included. */
export interface CodePointRange {
  readonly from: number;
  readonly to: number;
}

/** The code points that Java takes for `from`..`to` in a character class, or for a single character when they are equal. */
export function withOtherCases({ from, to }: CodePointRange, mode: CaseMode): readonly CodePointRange[] {
  const ranges = [{ from, to }];
  if (mode === 'unicode' && from === to && isUncased(from)) return ranges;
  const candidates = mode === 'exact' ? [] : mode === 'ascii' ? asciiLetters() : casedCodePoints();
  const [upper, lower] = mode === 'ascii' ? [asciiUpper, asciiLower] : [javaUpper, javaLower];
  const within = (cp: number) => cp >= from && cp <= to;
  for (const cp of candidates) {
    if (within(cp)) continue;
    const up = upper(cp);
    const matches =
      from === to && mode === 'unicode'
        ? lower(up) === lower(upper(from))
        : within(up) || within(mode === 'ascii' ? lower(cp) : lower(up));
    if (matches) ranges.push({ from: cp, to: cp });
  }
  return ranges;
}

function asciiLetters(): readonly number[] {
  return Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (letter) => letter.charCodeAt(0));
}

function asciiUpper(cp: number): number {
  return cp >= 0x61 && cp <= 0x7a ? cp - 0x20 : cp;
}

function asciiLower(cp: number): number {
  return cp >= 0x41 && cp <= 0x5a ? cp + 0x20 : cp;
}

/** Java compares such a character exactly, though others may fold to it: U+1E9E to U+00DF. */
function isUncased(cp: number): boolean {
  return javaLower(javaUpper(cp)) === javaUpper(cp) && javaLower(cp) === javaUpper(cp);
}

let cased: readonly number[] | undefined;

function casedCodePoints(): readonly number[] {
  cased ??= Array.from({ length: LAST_CASED + 1 }, (_, cp) => cp).filter(
    (cp) => javaUpper(cp) !== cp || javaLower(cp) !== cp,
  );
  return cased;
}

/** `Character.toUpperCase(int)`: the simple mapping, so nothing that would become two characters. */
function javaUpper(cp: number): number {
  return single(String.fromCodePoint(cp).toUpperCase(), TITLE_CASE_ONLY.get(cp) ?? cp);
}

/** `Character.toLowerCase(int)`; U+0130 is the only one whose full mapping is longer than its simple one. */
function javaLower(cp: number): number {
  return cp === 0x130 ? 0x69 : single(String.fromCodePoint(cp).toLowerCase(), cp);
}

function single(mapped: string, otherwise: number): number {
  const cp = mapped.codePointAt(0);
  return cp !== undefined && String.fromCodePoint(cp).length === mapped.length ? cp : otherwise;
}

/** Greek letters with iota subscript: their simple upper case is a single title-case letter, the full one is two. */
const TITLE_CASE_ONLY: ReadonlyMap<number, number> = new Map([
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((first) =>
    Array.from({ length: 8 }, (_, i): [number, number] => [first + i, first + i + 8]),
  ),
  [0x1fb3, 0x1fbc],
  [0x1fc3, 0x1fcc],
  [0x1ff3, 0x1ffc],
]);
