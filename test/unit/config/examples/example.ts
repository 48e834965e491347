import { readFileSync } from 'node:fs';

export const EXAMPLES = ['one-way', 'active-active', 'aggregation', 'strimzi-like'] as const;
export type Example = (typeof EXAMPLES)[number];

export function example(name: Example): string {
  return readFileSync(new URL(`${name}.properties`, import.meta.url), 'utf8');
}

/** What MirrorMaker 2 4.1.0 makes of the example (`MirrorMakerSays.java`): pair, reader, property, value. */
export function mirrorMakerSays(name: Example): readonly (readonly [string, 'connector' | 'worker', string, string])[] {
  const lines = readFileSync(new URL(`${name}.mm2.tsv`, import.meta.url), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => {
    const [pair = '', reader = '', property = '', ...value] = line.split('\t');
    return [pair, reader === 'worker' ? 'worker' : 'connector', property, value.join('\t')];
  });
}
