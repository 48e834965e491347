/** At most so many, and how many there are beyond them: `['a', 'b', 'and 3 more']`. */
export function firstOf(all: readonly string[], most: number): readonly string[] {
  return all.length > most ? [...all.slice(0, most), `and ${all.length - most} more`] : all;
}

/** The same inside a sentence: `a, b and 3 more`. */
export function firstInWords(all: readonly (string | number)[], most: number): string {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}
