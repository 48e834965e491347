import { expect, test } from 'vitest';
import { SCRIPT } from '../../../../shared/cli/status/html/look.ts';

/** Of a browser's elements, what the script makes use of. */
class Element {
  textContent: string;
  className = '';
  value = '';
  hidden = false;
  cells: Element[] = [];
  rows: Element[] = [];
  parentElement: Element | undefined;
  readonly children: Element[] = [];
  readonly #attributes = new Map<string, string>();
  readonly #listeners = new Map<string, () => void>();

  constructor(textContent = '') {
    this.textContent = textContent;
  }

  get classList() {
    return { contains: (name: string) => this.className.split(' ').includes(name) };
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, listener);
  }

  replaceChildren(...children: Element[]): void {
    this.children.splice(0, this.children.length, ...children);
  }

  /** Moves rows of a table's body to its end. */
  append(...added: Element[]): void {
    this.children.push(...added);
    this.rows = [...this.rows.filter((row) => !added.includes(row)), ...added.filter((row) => row.cells.length > 0)];
  }

  dispatch(type: string): void {
    this.#listeners.get(type)?.();
  }
}

/** A table of topics and records, with the script at work. */
function tableOf(rows: readonly (readonly [string, string])[]) {
  const headings = ['topic', 'records'].map((title) => new Element(title));
  const [topic, records] = headings;
  if (topic === undefined || records === undefined) throw new Error('no headings');
  records.className = 'number';
  const head = new Element();
  head.cells = headings;
  for (const heading of headings) heading.parentElement = head;
  const body = new Element();
  body.rows = rows.map((cells) => {
    const row = new Element(cells.join(' '));
    row.cells = cells.map((text) => new Element(text));
    return row;
  });
  const box: Element[] = [];
  const wide = { before: (element: Element) => box.push(element) };
  const table = { tBodies: [body], tHead: { rows: [head] }, parentElement: wide, getAttribute: () => 'topics' };
  const document = { querySelectorAll: () => [table], createElement: () => new Element() };
  new Function('document', SCRIPT)(document);
  const click = (heading: Element) => {
    heading.children[0]?.dispatch('click');
    return body.rows.map(({ cells: [name] }) => name?.textContent);
  };
  const filter = (text: string) => {
    const [input] = box[0]?.children ?? [];
    if (input === undefined) throw new Error('nothing to filter by');
    input.value = text;
    input.dispatch('input');
    return body.rows.filter(({ hidden }) => !hidden).map(({ cells: [name] }) => name?.textContent);
  };
  return { topic, records, click, filter };
}

const ROWS = [
  ['orders', '9'],
  ['clicks', '120'],
  ['stock', 'not known'],
] as const;

test('a click on a heading sorts by it, the most first of numbers, and a second one turns the order', () => {
  const { topic, records, click } = tableOf(ROWS);

  expect(click(records)).toEqual(['clicks', 'orders', 'stock']);
  expect(records.getAttribute('aria-sort')).toBe('descending');
  expect(click(records)).toEqual(['stock', 'orders', 'clicks']);
  expect(click(records)).toEqual(['clicks', 'orders', 'stock']);
  expect(click(topic)).toEqual(['clicks', 'orders', 'stock']);
  expect([topic, records].map((heading) => heading.getAttribute('aria-sort'))).toEqual(['ascending', null]);
  expect(click(topic)).toEqual(['stock', 'orders', 'clicks']);
});

test('rows are filtered by a text, whatever its case', () => {
  const { filter } = tableOf(ROWS);

  expect(filter('CK')).toEqual(['clicks', 'stock']);
  expect(filter('')).toEqual(['orders', 'clicks', 'stock']);
});
