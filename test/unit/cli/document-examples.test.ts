import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { causeway } from './command-line.ts';

const root = new URL('../../../', import.meta.url);
const pages = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const examples = pages.flatMap((page) =>
  [...readFileSync(new URL(page, root), 'utf8').matchAll(/```properties\n([\s\S]*?)```/g)].map(
    ([, text = ''], index) => ({ page, number: index + 1, text }),
  ),
);
/** Where a reference leads, of those in the examples. */
const REFERRED = 'b-1.example.com:9096';

async function faultsOf(text: string) {
  const { out } = await causeway(['check', '--json'], text, async () => REFERRED);
  return JSON.parse(out).faults;
}

test.each(examples.filter(({ text }) => /^clusters\b/m.test(text)))(
  'example $number of $page passes causeway check',
  async ({ text }) => {
    expect(await faultsOf(text)).toEqual([]);
  },
);

test.each(examples.filter(({ page, text }) => page === 'docs/configuration.md' && !/^clusters\b/m.test(text)))(
  'example $number of $page passes it as a part of a file',
  async ({ text }) => {
    const rest = [
      'clusters = us-east, us-west',
      'us-east.causeway.region = us-east-1',
      'us-west.causeway.region = us-west-2',
      'us-west.bootstrap.servers = b-1.west.example.com:9096',
      'us-east->us-west.enabled = true',
    ];
    expect(await faultsOf([...rest, text].join('\n'))).toEqual([]);
  },
);
