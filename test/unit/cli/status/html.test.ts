import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowGaps } from '../../../../shared/cli/gaps/read-gaps.ts';
import { StatusNotKeptError } from '../../../../shared/cli/status/errors.ts';
import { statusPage } from '../../../../shared/cli/status/html/page.ts';
import { writePage } from '../../../../shared/cli/status/html/write-page.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import type { Reading } from '../../../../shared/status/reading.ts';
import { causeway, properties } from '../command-line.ts';
import { keptByMonitor, OUTSIDE, reader } from './monitor-reading.ts';
import { NOW, type Scene, statusOf } from './scene.ts';

const SCENE: Scene = {
  topics: {
    orders: { partitions: [{ end: 250, copied: 100 }] },
    clicks: { partitions: [{ end: 9, copied: 9 }] },
    stock: { partitions: [{ end: 30, copied: 10 }] },
  },
  groups: { billing: { orders: 60 } },
  age: () => 12.3,
  heartbeat: 2,
};

function gapsOf(topic: string, location = 'dynamodb://t/QUARANTINE', flow = 'us-east->us-west'): FlowGaps {
  const partition = { flow: { source: 'us-east', target: 'us-west' }, topic, remoteTopic: `us-east.${topic}` };
  const place = { from: sourceOffset(40), to: sourceOffset(90), at: Date.UTC(2026, 2, 1, 12) };
  const gaps = [
    { partition: { ...partition, partition: 3, generation: 1 }, entry: { kind: 'retention-gap', ...place } as const },
    {
      partition: { ...partition, partition: 3, generation: 2 },
      entry: { kind: 'quarantine', ...place, location } as const,
      repairs: [{ topic: `${topic}.set-aside`, partition: 0, offset: 17, at: Date.UTC(2026, 2, 2) }],
    },
  ];
  return { flow, topics: 1, gaps };
}

const pageOf = (reading: Reading, gaps: readonly FlowGaps[] = [gapsOf('orders')]) =>
  statusPage({ readings: [reading], gaps, at: NOW, version: '1.2.3' });

/** Everything that a cluster or an error may say is `name`. */
function saying(base: Reading, name: string): Reading {
  const problems = [name];
  return {
    ...base,
    ...{ flow: name, source: name, target: name, problems, because: name },
    asked: base.asked.map((each) => ({ ...each, name, error: { code: name, what: name, next: name } })),
    deployed: { state: 'unknown', because: name },
    heartbeat: { state: 'unknown', because: name },
    topics: base.topics.map((each) => ({ ...each, topic: name, remoteTopic: name, gone: name, problems })),
    groups: base.groups.map((each) => ({ ...each, group: name, problems })),
  };
}

const tagsIn = (page: string) => page.match(/<[^>]*>/g)?.map((tag) => /^<\/?[a-z!-]+/.exec(tag)?.[0] ?? tag) ?? [];
const withoutOurs = (page: string) => page.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>');

describe('the page', () => {
  test('tells of each flow what is behind, what is wrong, both ends, and what is missing', async () => {
    const page = pageOf(await statusOf(SCENE));
    const text = page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

    for (const told of [
      'us-east-&gt;us-west something is wrong 170 records, 12.3 s behind',
      'orders us-east.orders 150 12.3 1 more than 100 records behind most in partition 0',
      'billing 190 12.3 1 at its place on us-west',
      'heartbeat of us-east 2 written',
      'orders-3 40 89 50 2026-03-01T12:00:00.000Z deleted at the source before they were copied',
      'orders-3 (generation 2) 40 89 50 2026-03-01T12:00:00.000Z set aside: larger than the target takes, at dynamodb://t/QUARANTINE repaired to orders.set-aside-0 at offset 17, 2026-03-02T00:00:00.000Z',
      'causeway 1.2.3',
    ])
      expect(text).toContain(told);
  });

  test('has charts of what is behind, the most first; what is not behind takes no room', async () => {
    const page = pageOf(await statusOf(SCENE));
    const charts = page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];

    expect(charts).toHaveLength(2);
    const names = (chart = '') => [...chart.matchAll(/class="name">([^<]*)</g)].map(([, name]) => name);
    expect(names(charts[1])).toEqual(['orders', 'stock']);
    expect([...(charts[1] ?? '').matchAll(/width="(\d+)" height="14"/g)].map(([, width]) => Number(width))).toEqual([
      370, 49,
    ]);
  });

  test('shows the 20 topics that are most behind, and lists all', async () => {
    const topics = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`orders-${n}`, { partitions: [{ end: 100, copied: 100 - n }] }]),
    );
    const page = pageOf(await statusOf({ topics }));

    expect(page.match(/<rect /g)).toHaveLength(40);
    expect(page).toContain('records behind, the 20 topics that are most so of 59 topics');
    for (const n of [0, 30, 59]) expect(page).toContain(`<td class="mono">orders-${n}</td>`);
  });

  test.each([
    [{ state: 'as-the-file' }, 'deployment as the file says'],
    [{ state: 'other-file' }, 'deployment The file is not what was deployed'],
    [{ state: 'missing', what: 'function monitor' }, 'deployment not deployed: function monitor'],
    [{ state: 'unknown', because: 'no right' }, 'deployment not known: no right'],
  ] as const)('tells of a deployment, %o, in words', async (deployed, told) => {
    const page = pageOf({ ...(await statusOf(SCENE)), deployed });

    expect(page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toContain(told);
  });

  test('tells who read it, and when', async () => {
    const kept = await keptByMonitor(SCENE, 40);
    const page = pageOf(await reader({ ...OUTSIDE, lastOfMonitor: async () => kept }).read());

    expect(page).toContain('read by monitor 40 s ago: the brokers cannot be reached from here: No broker');
    expect(pageOf(await statusOf(SCENE))).toContain(`read from here at ${new Date(NOW).toISOString()}`);
  });

  test('tells of a ledger, and of a flow, that could not be read', async () => {
    const failure = new StatusNotKeptError('a->b');
    const readings = [await statusOf(SCENE), { flow: 'a->b', failure }];
    const page = statusPage({ readings, gaps: [{ flow: 'us-east->us-west', failure }], at: NOW, version: '1' });

    expect(page).toContain('not known: STATUS_NOT_KEPT: a-&gt;b: the function monitor has kept no reading yet');
    expect(page).toContain('<h2>a-&gt;b</h2><span class="verdict bad">could not be read</span>');
  });

  test('asks nobody for anything, and lets no script run but its own', async () => {
    const page = pageOf(await statusOf(SCENE));
    const [script = ''] = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, source]) => source);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';

    expect(page).not.toMatch(/\b(?:src|href|srcset|action)=|url\(|@import|https?:|fetch|XMLHttpRequest|import\(/);
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).toContain(`script-src &#39;sha256-${createHash('sha256').update(script).digest('base64')}&#39;`);
    expect(policy).not.toContain('unsafe');
    expect(() => new Function(script)).not.toThrow();
  });
});

describe('names are text and nothing else', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title></style></svg><script>alert(1)</script>',
    '<!--',
    ']]>',
    '&lt;b&gt;&amp;',
  ];

  test.each(hostile)('%s', async (name) => {
    const base = await statusOf(SCENE);
    const page = pageOf(saying(base, name), [gapsOf(name, name, name)]);

    expect(tagsIn(withoutOurs(page))).toEqual(tagsIn(withoutOurs(pageOf(saying(base, 'x'), [gapsOf('x', 'x', 'x')]))));
    expect(withoutOurs(page)).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
    const escaped = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(page).toContain(`<td class="mono">${escaped.replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</td>`);
  });

  test('whatever is in them', async () => {
    const base = await statusOf(SCENE);
    const plain = tagsIn(withoutOurs(pageOf(saying(base, 'x'), [gapsOf('x', 'x', 'x')])));

    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const page = withoutOurs(pageOf(saying(base, name), [gapsOf(name, name, name)]));
        expect(tagsIn(page)).toEqual(plain);
        expect(page).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'causeway-page-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is replaced as a whole, and nothing is left beside it', async () => {
    const file = join(folder, 'status.html');
    writeFileSync(file, 'the one before');
    await writePage(file, 'the new one');

    expect(readFileSync(file, 'utf8')).toBe('the new one');
    expect(readdirSync(folder)).toEqual(['status.html']);
  });

  test('that cannot be put there leaves what stood there, and no draft', async () => {
    const file = join(folder, 'status.html');
    mkdirSync(join(file, 'in-the-way'), { recursive: true });

    await expect(writePage(file, 'a page')).rejects.toMatchObject({ code: 'PAGE_NOT_WRITTEN' });
    expect(readdirSync(folder)).toEqual(['status.html']);
    expect(readdirSync(file)).toEqual(['in-the-way']);
  });

  test('in a folder that is not there is refused before anything is asked', async () => {
    const { exitCode, err } = await causeway(['status', '--html', join(folder, 'no', 'x.html')], properties());

    expect(exitCode).toBe(2);
    expect(err).toContain('no/x.html cannot be written: ENOENT');
  });
});
