import { expect, test } from 'vitest';
import { BenchArguments } from '../../../bench/arguments.ts';
import { BENCHES, benchOf } from '../../../bench/benches.ts';

const FOLLOWS = 'translation takes --records <n>, --seed <n>, --json, --help.';

function told(bench: string, ...words: string[]): BenchArguments {
  return new BenchArguments(bench, benchOf(bench).options, words);
}

test('a bench is told its defaults, or what stands on the command line', () => {
  const args = told('translation', '--records', '5000', '--json');

  expect([args.whole('records', 1), args.whole('seed', 0), args.flag('json')]).toEqual([5_000, 0, true]);
});

test('of an option that may be repeated all count, of another the last', () => {
  const args = told('handler', '--size=10', '--size=20', '--codec=gzip', '--codec=none');

  expect(args.wholes('size', 1)).toEqual([10, 20]);
  expect(args.choice('codec', ['none', 'gzip'])).toBe('none');
  expect(args.choices('values', ['letters', 'orders'])).toEqual(['letters', 'orders']);
});

test.each([
  ['--no-such-option', 'there is no option --no-such-option'],
  ['--record=5', 'there is no option --record; did you mean --records?'],
  ['records', 'nothing is known of "records"'],
  ['--seed', '--seed needs a value'],
  ['--json=yes', '--json takes no value'],
])('%s is refused by saying what there is', (word, message) => {
  expect(() => told('translation', word)).toThrow(
    expect.objectContaining({ code: 'USAGE', message, next: expect.stringMatching(new RegExp(`${FOLLOWS}$`)) }),
  );
});

test.each(['0', '-1', '1.5', '1e3', 'many', '9007199254740992'])('--records %s is no count', (text) => {
  const args = told('translation', `--records=${text}`);

  expect(() => args.whole('records', 1)).toThrow(
    expect.objectContaining({ message: `--records ${text} is no whole number from 1`, next: FOLLOWS }),
  );
});

test('what is not among the choices is refused by naming them', () => {
  const args = told('handler', '--values=letters', '--values=noise');

  expect(() => args.choices('values', ['letters', 'orders'])).toThrow('--values noise is none of letters, orders');
});

test.each(BENCHES.flatMap(({ name, options }) => options.map((option) => [name, option.name, option] as const)))(
  '%s: --%s has a default',
  (_, __, { value, otherwise = [] }) => {
    expect(value).toBeDefined();
    expect(otherwise.length).toBeGreaterThan(0);
  },
);

test.each([
  ['nosuchbench', 'there is no bench nosuchbench'],
  ['translations', 'there is no bench translations; did you mean translation?'],
  [undefined, 'no bench was named'],
])('of %s it is said which benches there are', (name, message) => {
  const next = expect.stringMatching(/^One of: handler, .*, move-applications, .*, against-mm2\.$/);
  expect(() => benchOf(name)).toThrow(expect.objectContaining({ message, next }));
});
