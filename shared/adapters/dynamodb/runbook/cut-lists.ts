import type { Evidence } from '../../../runbook/stage.ts';

/** Longest text in evidence that had to be cut. */
const MAX_TEXT_LENGTH = 1_000;
/** Lists that are named with what they lost; all others are counted together. */
const MAX_NAMED_LISTS = 100;
const OTHERS = 'others';

/**
 * The first `most` entries of every list in it, and of every object (evidence may be keyed by topic partition); beside
 * them `leftOut`: how many entries went, by path, as `{ "topics[].partitions": 4000 }`. Texts are cut to 1,000 characters.
 */
export function cutLists(evidence: Evidence, most: number): Evidence {
  const lost = new Map<string, number>();
  const kept = Object.fromEntries(cutObject(evidence, '', most, lost));
  return lost.size === 0 ? kept : { ...kept, leftOut: Object.fromEntries(lost) };
}

function cut(value: unknown, path: string, most: number, lost: Map<string, number>): unknown {
  if (typeof value === 'string') return cutText(value, MAX_TEXT_LENGTH);
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(cutObject(value, path, most, lost));
  leaveOut(lost, path, value.length - most);
  return value.slice(0, most).map((entry) => cut(entry, `${path}[]`, most, lost));
}

function cutObject(value: object, path: string, most: number, lost: Map<string, number>): [string, unknown][] {
  const members = Object.entries(value);
  leaveOut(lost, path || 'evidence', members.length - most);
  return members.slice(0, most).map(([key, member]) => [key, cut(member, path ? `${path}.${key}` : key, most, lost)]);
}

function leaveOut(lost: Map<string, number>, path: string, count: number): void {
  if (count <= 0) return;
  const name = lost.has(path) || lost.size < MAX_NAMED_LISTS ? path : OTHERS;
  lost.set(name, (lost.get(name) ?? 0) + count);
}

/** Not longer than `most`, and what is missing is said. */
export function cutText(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
