import { readFileSync } from 'node:fs';

/** `Causeway-us-west-2 |  4/19 | 12:27:12 PM | CREATE_COMPLETE | ...`: resources that are done, and all of the stack's. */
const event = /^(\S+) \| +(\d+)\/(\d+) \|/gm;
/** A stack that is done, or was as it is to be. */
const finished = /^ ?✅ +(\S+)/gm;
/** `Causeway-us-east-1: deploying... [1/2]` */
const stacks = /: deploying\.\.\. \[\d+\/(\d+)\]$/m;

/** How far `cdk deploy` is, from what it has printed so far; empty before it says what it is going to deploy. */
export function deployProgress(output: string): string {
  const resources = new Map<string, { readonly done: number; readonly all: number }>();
  for (const [, stack = '', done, all] of output.matchAll(event))
    resources.set(stack, { done: Number(done), all: Number(all) });
  const of = stacks.exec(output)?.[1];
  if (of === undefined) return output === '' ? '' : 'functions are bundled, templates made';
  const sum = (each: 'done' | 'all') => [...resources.values()].reduce((total, count) => total + count[each], 0);
  const done = new Set([...output.matchAll(finished)].map(([, stack]) => stack)).size;
  const counts = sum('all') > 0 ? `, ${sum('done')} of ${sum('all')} resources` : '';
  return `${done} of ${of} stacks${counts}`;
}

/** How far `cdk bootstrap` is. */
export function bootstrapProgress(output: string, regions: number): string {
  return `${[...output.matchAll(finished)].length} of ${regions} regions`;
}

/** What a program that runs at the moment has written so far. */
export function outputSoFar(log: string): string {
  try {
    return readFileSync(log, 'utf8');
  } catch {
    return '';
  }
}
