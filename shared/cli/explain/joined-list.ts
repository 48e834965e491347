import { compileNameList, type NameList, NameListRefusal } from '../../policy/name-list.ts';
import type { Entry } from './explanation.ts';

/** Flags that hold from there to the end of the joined list: `(?i)`. */
const LEADING_FLAGS = /^(?:\(\?[a-zA-Z-]+\))+/;

/** The entries that take a name, and the list without them. */
export interface Blame {
  readonly entries: readonly Entry[];
  /** What is left takes the name no more; undefined where no list can be made by leaving entries out. */
  readonly rest: readonly string[] | undefined;
}

/**
 * Entries are blamed for what they take where they stand: a list is one pattern, joined with `|`, in which `(?i)` of one
 * entry holds for all after it. The flags of an entry that is left out are handed on, so that the others take what they took.
 */
export function blame({ patterns }: NameList, name: string): Blame {
  const of = patterns.length;
  let left = patterns.map((text, index) => ({ text, entry: { text, number: index + 1, of } satisfies Entry }));
  const entries: Entry[] = [];
  for (;;) {
    const texts = left.map(({ text }) => text);
    if (takes(texts, name) === false) return { entries, rest: texts };
    const at = texts.findIndex((_, index) => takes(texts.slice(0, index + 1), name) === true);
    const found = left[at];
    if (found === undefined) return { entries, rest: undefined };
    entries.push(found.entry);
    const flags = LEADING_FLAGS.exec(found.text)?.[0] ?? '';
    left = left.flatMap((each, index) => {
      if (index === at) return [];
      return index === at + 1 ? [{ ...each, text: `${flags}${each.text}` }] : [each];
    });
  }
}

/** The list with one more entry that takes `name` and nothing else; undefined where none can be added. */
export function withName({ patterns }: NameList, name: string): readonly string[] | undefined {
  const own = quoted(name);
  const lists = [
    [...patterns, own],
    // Before all flags, where they would make it take other names, and before a quotation without its end.
    [own, ...patterns],
  ];
  const other = otherCase(name);
  const before = takes(patterns, other);
  return lists.find((list) => takes(list, name) === true && (other === name || takes(list, other) === before));
}

/** Whether `entry` takes `name` wherever it stands. */
export function takesAlone({ text }: Entry, name: string): boolean {
  return takes([text], name) === true;
}

/** Undefined where the list is none. */
function takes(patterns: readonly string[], name: string): boolean | undefined {
  try {
    return compileNameList({ patterns }).matches(name);
  } catch (error) {
    if (error instanceof NameListRefusal) return undefined;
    throw error;
  }
}

function otherCase(name: string): string {
  return Array.from(name, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join('');
}

/** A pattern for this name only. A comma would end the entry. */
function quoted(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(',', '\\x2c');
}
