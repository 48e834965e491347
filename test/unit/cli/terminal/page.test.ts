import { describe, expect, test } from 'vitest';
import { fields, UNSTYLED, wrap, wrapToWidth } from '../../../../shared/cli/terminal/page.ts';
import { COLOURED, PLAIN, styleFor } from '../../../../shared/cli/terminal/style.ts';

describe('a page', () => {
  test('breaks text at spaces and keeps a longer word whole', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a-word-that-is-too-long x', 8)).toEqual(['a-word-that-is-too-long', 'x']);
    expect(wrap('', 8)).toEqual(['']);
  });

  test('breaks a longer word where no line may be longer', () => {
    expect(wrapToWidth('x a-word-that-is-too-long y', 8)).toEqual(['x', 'a-word-t', 'hat-is-t', 'oo-long', 'y']);
    expect(wrapToWidth('one two', 8)).toEqual(['one two']);
    expect(wrapToWidth('\u{1f600}\u{1f600}\u{1f600}', 2)).toEqual(['\u{1f600}\u{1f600}', '\u{1f600}']);
  });

  test('aligns labels and indents what is continued', () => {
    const text = fields({ ...UNSTYLED, width: 20 }, [
      { label: 'a', lines: ['one two three', { whole: 'a line to be copied whole' }] },
      { label: 'long', lines: ['x'] },
    ]);

    expect(text).toBe('  a     one two\n        three\n        a line to be copied whole\n  long  x');
  });

  test('does not count colours as width', () => {
    const coloured = fields({ width: 20, style: COLOURED }, [
      { label: COLOURED.bold('a'), lines: ['x'] },
      { label: 'long', lines: ['y'] },
    ]);

    expect(coloured).toBe(`  ${COLOURED.bold('a')}     x\n  long  y`);
  });
});

describe('colours', () => {
  test('go to terminals', () => {
    expect(styleFor(true, {})).toBe(COLOURED);
    expect(COLOURED.good('yes')).toBe('\u001b[32myes\u001b[39m');
  });

  test.each([
    ['a pipe', false, {}],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
    ['a dumb terminal', true, { TERM: 'dumb' }],
  ])('are left out for %s', (_, isTerminal, env) => {
    expect(styleFor(isTerminal, env)).toBe(PLAIN);
  });

  test('are not left out by an empty NO_COLOR, as no-color.org has it', () => {
    expect(styleFor(true, { NO_COLOR: '' })).toBe(COLOURED);
  });
});
