import { createHash } from 'node:crypto';
import type { Reading } from '../../../status/reading.ts';
import { type Asked, isUnasked } from '../../ask-each.ts';
import type { FlowGaps } from '../../gaps/read-gaps.ts';
import { hurtFirst } from '../answer.ts';
import { behind, counts } from '../words.ts';
import { flowSection, unaskedSection } from './flow-section.ts';
import { SCRIPT, STYLE } from './look.ts';
import { html, inline, type Markup } from './markup.ts';

export interface PageContent {
  readonly readings: readonly Asked<Reading>[];
  /** By flow, as far as they were asked. */
  readonly gaps: readonly Asked<FlowGaps>[];
  /** When it was made, ms since the epoch. */
  readonly at: number;
  /** Of causeway. */
  readonly version: string;
}

/** Nothing is fetched, and no script runs but ours: names that are met in clusters are not to be trusted. */
const POLICY = [
  "default-src 'none'",
  `style-src ${sourceOf(STYLE)}`,
  `script-src ${sourceOf(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** One page that needs nothing beside it: flows, what hurts most first. */
export function statusPage({ readings, gaps, at, version }: PageContent): string {
  const all = hurtFirst(readings);
  const sections = all.map((each) =>
    isUnasked(each)
      ? unaskedSection(each)
      : flowSection(
          each,
          gaps.find(({ flow }) => flow === each.flow),
        ),
  );
  const when = new Date(at).toISOString();
  const names = all.map(({ flow }) => flow).join(', ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>causeway status: ${names}</title>
${inline('style', STYLE)}
</head>
<body>
<header><h1>causeway status</h1><span class="faint">${when}, causeway ${version}</span></header>
${all.length > 1 ? overview(all) : undefined}
${sections}
${inline('script', SCRIPT)}
</body>
</html>
`.text;
}

function overview(all: readonly Asked<Reading>[]): Markup {
  const row = (each: Asked<Reading>) => {
    if (isUnasked(each))
      return html`<tr><td class="mono">${each.flow}</td><td class="bad">could not be read</td><td></td></tr>\n`;
    const { flow, wrong } = each;
    return html`<tr><td class="mono">${flow}</td><td class="${wrong ? 'bad' : 'good'}">${behind(each)}${wrong ? '; something is wrong' : ''}</td><td>${counts(each)}</td></tr>\n`;
  };
  return html`<h3>Flows</h3><div class="wide"><table aria-label="flows"><thead><tr><th scope="col">flow</th><th scope="col">behind</th><th scope="col"></th></tr></thead>
<tbody>
${all.map(row)}</tbody></table></div>`;
}

/** As a Content-Security-Policy names what stands in a page. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
