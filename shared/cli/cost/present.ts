import { type CheaperRange, type Comparison, LOOKED_AT } from '../../cost/compare.ts';
import type { Estimate, FlowCost, Question } from '../../cost/estimate.ts';
import type { Part } from '../../cost/part.ts';
import { PRICES, type Price, type PriceSource } from '../../cost/prices.ts';
import type { Variant } from '../../cost/variants.ts';
import { type Field, fields, type Page, paragraphs } from '../terminal/page.ts';
import { assumptionsOf, NOT_COUNTED } from './assumptions.ts';

export interface Found extends Estimate {
  readonly comparisons: readonly Comparison[];
  readonly variants: readonly Variant[];
}

export function present(page: Page, question: Question, found: Found): string {
  const { flows, comparisons, variants } = found;
  return [
    ...flows.map((flow) => flowTable(page, question, flow)),
    comparisonTable(page, found),
    paragraphs(page, comparisons.map(crossingOf)),
    ...(variants.length === 0 ? [] : [variantTable(page, variants)]),
    list(page, 'Assumed', assumptionsOf(question)),
    list(page, 'Not counted', NOT_COUNTED),
    priceTable(page, question),
  ].join('\n\n');
}

function flowTable(page: Page, { workload, flows }: Question, { flow, parts, usdPerMonth }: FlowCost): string {
  const { bold } = page.style;
  const { tbPerMonth, recordBytes, topics, partitions, groups } = workload;
  const settings = flows.find((each) => each.flow === flow);
  const regions = settings === undefined ? '' : `, ${settings.sourceRegion} to ${settings.targetRegion}`;
  const what = `${shown(tbPerMonth)} TB a month${regions}; ${shown(recordBytes)} bytes a record, ${shown(topics)} topics, ${shown(partitions)} partitions, ${shown(groups)} groups`;
  const rows = parts.map((part) => ({ name: part.name, usdPerMonth: part.usdPerMonth, lines: [howOf(part)] }));
  const all = { name: 'in all', usdPerMonth, lines: ['a month'] };
  return [fields(page, [{ label: bold(flow), lines: [what] }], 0), amounts(page, [...rows, all])].join('\n');
}

function comparisonTable(page: Page, { usdPerMonth, peers }: Estimate): string {
  const rows = peers.map((peer) => ({
    name: peer.name,
    usdPerMonth: peer.usdPerMonth,
    lines: [peer.parts.map(productOf).join(' + ')],
  }));
  const own = { name: 'Causeway', usdPerMonth, lines: ['as above'] };
  return `${page.style.bold('A month, of all flows')}\n${amounts(page, [own, ...rows])}`;
}

/** `262,800,000 deliveries x $0.0000002: 38 records each` */
function howOf(part: Part): string {
  return `${productOf(part)}: ${part.because}`;
}

function productOf({ quantity, unit, usdPerUnit }: Part): string {
  return `${shown(quantity)} ${unit} x ${price(usdPerUnit)}`;
}

function crossingOf({ peer, savedUsdPerMonth, cheaper }: Comparison): string {
  const by = dollars(Math.abs(savedUsdPerMonth));
  const now = savedUsdPerMonth > 0 ? 'cheaper' : 'dearer';
  return `At this traffic Causeway is ${now} than ${peer}, by ${by} a month. With the same topics and settings it is ${rangesOf(cheaper)}.`;
}

function rangesOf(ranges: readonly CheaperRange[]): string {
  const edges = `at any traffic from ${shown(LOOKED_AT.least)} to ${shown(LOOKED_AT.most)} TB a month`;
  if (ranges.length === 0) return `dearer ${edges}`;
  const texts = ranges.flatMap(({ from, to }) => {
    if (from === undefined) return to === undefined ? [] : `below ${tb(to)}`;
    return to === undefined ? `above ${tb(from)}` : `from ${tb(from)} to ${tb(to)}`;
  });
  return texts.length === 0 ? `cheaper ${edges}` : `cheaper ${texts.join(' and ')} a month`;
}

function variantTable(page: Page, variants: readonly Variant[]): string {
  const rows = variants.map(({ lines, inReturn, usdPerMonth, comparisons }): Field => {
    const others = comparisons.map(({ peer, cheaper }) => `against ${peer}: ${rangesOf(cheaper)}`);
    const copied = lines.map((whole) => ({ whole }));
    return { label: dollars(usdPerMonth), lines: [...copied, `in return: ${inReturn}`, ...others] };
  });
  return `${page.style.bold('Cheaper in all, with these lines')}\n${fields(page, rows)}`;
}

function priceTable(page: Page, { prices }: Question): string {
  const rows = Object.entries(prices).map(([name, usd]): Field => {
    const listed: Price | undefined = Object.entries(PRICES).find(([each]) => each === name)?.[1];
    const from = listed?.usd === usd ? `${listed.lookedUp}, ${READ[listed.from]} ${listed.source}` : 'as given';
    return { label: price(usd), lines: [`${name}: ${listed?.per}; ${from}`] };
  });
  return `${page.style.bold('Prices, of us-east-1')}\n${fields(page, rows)}`;
}

const READ: Readonly<Record<PriceSource, string>> = {
  aws: 'read in',
  quoted: 'quoted by',
  unconfirmed: 'not confirmed: compare with',
};

function list(page: Page, title: string, items: readonly string[]): string {
  const rows = items.map((item): Field => ({ label: '-', lines: [item] }));
  return `${page.style.bold(title)}\n${fields(page, rows)}`;
}

interface Row {
  readonly name: string;
  readonly usdPerMonth: number;
  readonly lines: readonly string[];
}

/** Names on the left, amounts one below the other, how they come about on the right. */
function amounts(page: Page, rows: readonly Row[]): string {
  const names = Math.max(...rows.map(({ name }) => name.length));
  const width = Math.max(...rows.map(({ usdPerMonth }) => dollars(usdPerMonth).length));
  return fields(
    page,
    rows.map(({ name, usdPerMonth, lines }) => {
      return { label: `${name.padEnd(names)}  ${dollars(usdPerMonth).padStart(width)}`, lines };
    }),
  );
}

function dollars(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function price(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12 })}`;
}

function shown(value: number): string {
  if (value > 0 && value < 0.01) return value.toLocaleString('en-US', { maximumSignificantDigits: 2 });
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });
}

function tb(value: number): string {
  return `${value.toLocaleString('en-US', { maximumSignificantDigits: 2 })} TB`;
}
