/** A piece of a line, and how it is painted. */
export interface Piece {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const ELLIPSIS = '…';

/** Names of groups may hold anything, also what a terminal takes for orders or reads from right to left. */
export function printable(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}

/** What does not fit into `width` characters is left out, and that is shown. */
export function cut(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  return letters.slice(0, Math.max(0, width - 1)).join('') + (width > 0 ? ELLIPSIS : '');
}

/** The same of a name, of which the end tells as much as the beginning: it is left out in the middle. */
export function cutName(name: string, width: number): string {
  const letters = [...name];
  if (letters.length <= width) return name;
  const tail = Math.max(0, Math.floor((width - 1) / 2));
  return cut(name, width - tail) + (tail > 0 ? letters.slice(-tail).join('') : '');
}

/** One line of at most `width` characters, whatever is in it. */
export function oneLine(width: number, pieces: readonly Piece[]): string {
  let left = width;
  const painted = pieces.map(({ text, paint }) => {
    const fitting = cut(printable(text), left);
    left -= [...fitting].length;
    return paint === undefined || fitting.trim() === '' ? fitting : paint(fitting);
  });
  return painted.join('').trimEnd();
}
