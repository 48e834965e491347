/** Light and dark as the browser has it; on paper always light. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --good: #1a7f37; --bad: #cf222e; --warning: #9a6700; --bar: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --faint: #9198a1; --line: #3d444d;
  --panel: #151b23; --good: #3fb950; --bad: #f85149; --warning: #d29922; --bar: #4493f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.25rem; margin: 0; } h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
header, section > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
.faint { color: var(--faint); } .good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); }
.verdict { font-weight: 600; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem; min-width: 8rem; }
.tiles b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; } figcaption { font-weight: 600; margin-bottom: .25rem; } svg { width: 100%; height: auto; display: block; }
.name, .value { font: 12px ui-monospace, monospace; fill: var(--ink); } .name { text-anchor: end; }
.bar { fill: var(--bar); } .bar.wrong { fill: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td { overflow-wrap: break-word; } td.mono { overflow-wrap: anywhere; } table.ends { width: auto; max-width: 100%; }
th { color: var(--faint); font-weight: 600; white-space: nowrap; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--bar); }
th[aria-sort=ascending] button::after { content: " \\2191"; } th[aria-sort=descending] button::after { content: " \\2193"; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.mono { font-family: ui-monospace, monospace; font-size: .87em; }
input { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: .3rem .6rem; width: min(100%, 20rem); }
ul { margin: .5rem 0; padding-left: 1.25rem; }
@media print { :root { color-scheme: light; --ground: #fff; --ink: #000; --faint: #444; --line: #bbb; --panel: #fff;
  --good: #1a7f37; --bad: #b00020; --warning: #7d5200; --bar: #0550ae; }
  body { max-width: none; padding: 0; font-size: 10pt; } .filter { display: none; } .wide { overflow: visible; }
  tr, figure, .tiles { break-inside: avoid; } thead { display: table-header-group; } h3 { break-after: avoid; } }
`;

/** Tables are sorted by a click on a heading, and filtered by a text; the page tells all without it. */
export const SCRIPT = `
for (const table of document.querySelectorAll('table.rows')) {
  const body = table.tBodies[0];
  const filter = Object.assign(document.createElement('input'), { type: 'search', placeholder: 'filter' });
  filter.setAttribute('aria-label', 'filter ' + table.getAttribute('aria-label'));
  filter.addEventListener('input', () => {
    const wanted = filter.value.toLowerCase();
    for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  const box = Object.assign(document.createElement('p'), { className: 'filter' });
  box.append(filter);
  table.parentElement.before(box);
  for (const [column, heading] of [...table.tHead.rows[0].cells].entries()) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: heading.textContent });
    heading.replaceChildren(button);
    const isNumber = heading.classList.contains('number');
    const valueOf = (row) => row.cells[column].textContent;
    button.addEventListener('click', () => {
      const now = heading.getAttribute('aria-sort');
      const down = isNumber ? now !== 'descending' : now === 'ascending';
      for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const order = (a, b) => isNumber ? (parseFloat(valueOf(a)) || 0) - (parseFloat(valueOf(b)) || 0) : valueOf(a).localeCompare(valueOf(b));
      body.append(...[...body.rows].sort((a, b) => (down ? order(b, a) : order(a, b))));
    });
  }
}
`;
