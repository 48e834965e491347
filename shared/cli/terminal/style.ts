import { styleText } from 'node:util';

/** Colours where they help and are wanted; plain text otherwise. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
}

const plain = (text: string) => text;

export const PLAIN: Style = { bold: plain, dim: plain, good: plain, bad: plain, warning: plain };

const painted =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text, { validateStream: false });

export const COLOURED: Style = {
  bold: painted('bold'),
  dim: painted('dim'),
  good: painted('green'),
  bad: painted('red'),
  warning: painted('yellow'),
};

/** Colours go to terminals only, and nowhere when `NO_COLOR` (no-color.org) is set to anything, or `TERM` is `dumb`. */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return isTerminal && !refused ? COLOURED : PLAIN;
}
