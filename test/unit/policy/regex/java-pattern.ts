import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A pattern and the strings to try it on. */
export interface PatternCase {
  readonly pattern: string;
  readonly inputs: readonly string[];
}

export type JavaAnswer = readonly boolean[] | 'refused' | 'failed';

/** For each case whether Java's own engine takes each whole input, or that it refuses the pattern. */
export function askJava(cases: readonly PatternCase[]): readonly JavaAnswer[] {
  const program = fileURLToPath(new URL('JavaPattern.java', import.meta.url));
  const lines = cases.map(({ pattern, inputs }) => [pattern, ...inputs].map(base64).join(' '));
  const answer = execFileSync('java', ['-XX:TieredStopAtLevel=1', program], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return answer
    .split('\n')
    .slice(0, cases.length)
    .map((line) => (line === 'refused' || line === 'failed' ? line : Array.from(line, (bit) => bit === '1')));
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
