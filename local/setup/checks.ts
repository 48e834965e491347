import { type Outcome, outcomeOfProgram } from './outcome.ts';
import { packageProgram, runProgram } from './program.ts';

const checks = [
  { title: 'formatter and linter', program: 'biome', args: ['ci', '--colors=off', '.'] },
  { title: 'type checker', program: 'tsc', args: ['--noEmit', '-p', '.'] },
] as const;

/** Runs all of them, also after one has failed. */
export async function runChecks(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { title, program, args } of checks) {
    console.log(`\n== ${title}`);
    outcomes.push(outcomeOfProgram(await runProgram(packageProgram(program), args)));
  }
  return outcomes;
}
