import type { KnownProperty } from './known/known-property.ts';

/** A value read, or what was expected in its place. */
export type Read<T> = { readonly value: T } | { readonly expected: string };

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  int: [-(2 ** 31), 2 ** 31 - 1],
  long: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** `true` or `false`, in any case. */
export function readBoolean(text: string): Read<boolean> {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return { value: word === 'true' };
  return { expected: 'true or false' };
}

/** A whole number, or any for a double, within the property's bounds. */
export function readNumber(property: KnownProperty, text: string): Read<number> {
  const word = text.trim();
  const value = Number(word);
  if (property.type === 'double') return NUMBER.test(word) ? { value } : { expected: 'a number' };
  const [least, most] = BOUNDS[property.type] ?? [-Infinity, Infinity];
  const { minimum = least, maximum = most, except } = property;
  const bounded = property.minimum !== undefined || property.maximum !== undefined;
  if (WHOLE.test(word) && value >= minimum && value <= maximum && value !== except?.value) return { value };
  if (except !== undefined) return { expected: `a whole number, ${except.expected}` };
  return { expected: bounded ? `a whole number from ${minimum} to ${maximum}` : 'a whole number' };
}

/** Items between commas, white space around them dropped; nothing at all for an empty value. */
export function readList(text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
}

/** One of the property's values, in any case. */
export function readChoice(property: KnownProperty, text: string): Read<string> {
  const word = text.trim();
  const { values } = property;
  if (values === undefined) return { value: word };
  const found = values.find((value) => value.toLowerCase() === word.toLowerCase());
  return found === undefined ? { expected: oneOf(values) } : { value: found };
}

/** Whether `text` is a value that the property takes at all. */
export function check(property: KnownProperty, text: string): Read<unknown> {
  switch (property.type) {
    case 'boolean':
      return readBoolean(text);
    case 'int':
    case 'long':
    case 'double':
      return readNumber(property, text);
    case 'list':
      return { value: readList(text) };
    default:
      return readChoice(property, text);
  }
}

export function oneOf(values: readonly string[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
