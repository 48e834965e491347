import { describe, expect, test } from 'vitest';
import { describeDuration } from '../../../../shared/cli/terminal/duration.ts';
import { cut, cutName, oneLine, printable } from '../../../../shared/cli/terminal/one-line.ts';
import { isDrawable, Screen } from '../../../../shared/cli/terminal/screen.ts';
import { sparkline } from '../../../../shared/cli/terminal/sparkline.ts';
import { COLOURED } from '../../../../shared/cli/terminal/style.ts';

describe('a screen', () => {
  test('is drawn over, line by line, and given back once', () => {
    const written: string[] = [];
    const screen = new Screen({ write: (text) => written.push(text) });
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    screen.leave();
    screen.leave();

    expect(written).toEqual([
      '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J',
      '\u001b[Hthree\u001b[K\u001b[J',
      '\u001b[?7h\u001b[?25h\u001b[?1049l',
    ]);
  });

  test('that nothing was drawn on is left alone', () => {
    const written: string[] = [];
    new Screen({ write: (text) => written.push(text) }).leave();

    expect(written).toEqual([]);
  });

  test('is as large as the window is now, 80 by 24 where that is not known', () => {
    const terminal = { columns: 100, rows: 40, write: () => {} };
    const screen = new Screen(terminal);
    expect(screen.size).toEqual({ columns: 100, rows: 40 });
    terminal.columns = 60;

    expect(screen.size).toEqual({ columns: 60, rows: 40 });
    expect(new Screen({ columns: 0, rows: 0, write: () => {} }).size).toEqual({ columns: 80, rows: 24 });
  });

  test.each([
    ['a terminal', true, {}, true],
    ['a terminal without colours', true, { NO_COLOR: '1' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a pipe', false, {}, false],
  ])('can be drawn on: %s', (_, isTerminal, env, drawable) => {
    expect(isDrawable(isTerminal, env)).toBe(drawable);
  });
});

describe('one line', () => {
  test('ends where the window does, and shows that it was cut', () => {
    expect(oneLine(9, [{ text: 'four' }, { text: ' ' }, { text: 'and more' }])).toBe('four and…');
    expect(oneLine(4, [{ text: 'four' }, { text: 'more' }])).toBe('four');
    expect(cut('', 0)).toBe('');
    expect(cut('abc', 0)).toBe('');
  });

  test('has names cut in the middle: those of a kind begin alike', () => {
    expect(cutName('orders-of-the-year-2026', 11)).toBe('order…-2026');
    expect(cutName('orders', 6)).toBe('orders');
    expect([0, 1, 2, 3].map((width) => cutName('orders', width))).toEqual(['', '…', 'o…', 'o…s']);
  });

  test('is cut before it is painted', () => {
    expect(oneLine(6, [{ text: 'is ' }, { text: 'painted', paint: COLOURED.bad }])).toBe(`is ${COLOURED.bad('pa…')}`);
  });

  test('has nothing in it that a terminal takes for an order', () => {
    expect(printable('a\u001b[2Jb\u202ec\u2028d')).toBe('a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d');
    expect(printable('two\r\n\tlines')).toBe('two lines');
    expect(printable('größe-日本-🎉')).toBe('größe-日本-🎉');
  });
});

test.each([
  [[], 8, ''],
  [[0, 0], 8, '▁▁'],
  [[0, 1, 50, 100], 8, '▁▂▅█'],
  [[100, 1, 2, 4], 3, '▃▅█'],
])('the last of %j in %i columns are %s', (values, width, line) => {
  expect(sparkline(values, width)).toBe(line);
});

test.each([
  [0.4, '0 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7_199, '120 min'],
  [7_200, '2 h'],
  [172_800, '2 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(describeDuration(seconds)).toBe(words);
});
