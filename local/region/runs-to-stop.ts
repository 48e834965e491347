import { UsageFault } from './errors.ts';

/**
 * Which of the runs that are up `down` stops: the one with that id, all of them, or the only one.
 *
 * @returns none when none is up and none was named
 * @throws UsageFault with what to type for each run when it is not clear which one is meant
 */
export function runsToStop<R extends { readonly id: string }>(
  up: readonly R[],
  { id, all }: { readonly id: string | undefined; readonly all: boolean },
): readonly R[] {
  if (id !== undefined && all) throw new UsageFault(`${id} or --all: not both.`, choicesOf(up));
  if (all || (id === undefined && up.length < 2)) return up;
  const run = up.find((run) => run.id === id);
  if (run) return [run];
  const fault = id === undefined ? `${up.length} runs are up: which one is to be stopped?` : `No run ${id} is up.`;
  throw new UsageFault(fault, up.length === 0 ? 'None is.' : choicesOf(up));
}

function choicesOf(runs: readonly { readonly id: string }[]): string {
  const choices = [...runs.map(({ id }) => id), ...(runs.length > 1 ? ['--all'] : [])];
  return `Type one of:\n${choices.map((choice) => `  npm run local -- down ${choice}`).join('\n')}`;
}
