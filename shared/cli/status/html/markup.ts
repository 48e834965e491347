import { printable } from '../../terminal/one-line.ts';

/** HTML that is safe to be put into a page as it is. Only {@link html} makes any. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type { Markup };

export type Content = Markup | string | number | undefined | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * HTML with contents put in: text can be nothing but text there, between tags and in quoted attributes.
 * @example html`<td title="${group}">${group}</td>`
 */
export function html(literals: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = literals.map((literal, index) => literal + textOf(contents[index]));
  return new Markup(parts.join(''));
}

/** A style sheet or a script of ours. What it says goes in as it is. */
export function inline(element: 'style' | 'script', source: string): Markup {
  return new Markup(`<${element}>${source}</${element}>`);
}

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return printable(String(content)).replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);
}
