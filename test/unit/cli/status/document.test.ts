import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import { statusAnswer } from '../../../../shared/cli/status/answer.ts';
import { frame } from '../../../../shared/cli/status/frame.ts';
import { UNSTYLED } from '../../../../shared/cli/terminal/page.ts';
import { FlowTrends } from '../../../../shared/status/flow-trends.ts';
import { keptByMonitor, OUTSIDE, reader } from './monitor-reading.ts';
import { NOW, type Scene, statusOf } from './scene.ts';

const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');

/** Of the page, the block that begins with a command. */
function shown(command: string): string {
  const begin = `\`\`\`\n$ ${command}\n`;
  const at = page.indexOf(begin) + begin.length;
  return at < begin.length ? '' : page.slice(at, page.indexOf('\n```', at));
}

test('docs/cli.md shows what status prints where no broker is reached', async () => {
  const scene: Scene = {
    topics: {
      orders: { partitions: [{ end: 250, copied: 250 }] },
      clicks: { partitions: [{ end: 9, copied: 9 }] },
    },
    groups: { billing: { orders: 100 } },
    heartbeat: 1,
  };
  const attempts = ['b-1.east.example.com:9092: connect ETIMEDOUT'];
  const source = () => Promise.reject(new ClusterUnreachableError('us-east', attempts));
  const lastOfMonitor = () => keptByMonitor(scene, 40);
  const { text, exitCode } = statusAnswer([await reader({ ...OUTSIDE, source, lastOfMonitor }).read()], false);

  expect(`${text(UNSTYLED)}\n$ echo $?\n${exitCode}`).toBe(shown('causeway status --max-seconds 30'));
});

test('docs/cli.md shows what a watch draws', async () => {
  const at = (copied: number): Scene => ({
    topics: {
      orders: { partitions: [{ end: 10_000, copied }] },
      clicks: { partitions: [{ end: 9, copied: 9 }] },
      payments: { partitions: [{ end: 70, copied: 70 }] },
    },
    groups: { billing: { clicks: 5 } },
    age: () => 12.3,
    heartbeat: 2,
  });
  const trends = new FlowTrends();
  trends.take({ ...(await statusOf(at(9_930))), readAt: NOW - 5_000 });
  const asked = await statusOf(at(9_950));
  trends.take(asked);

  const lines = frame({ ...UNSTYLED, width: 79 }, 24, [{ asked, trends }], NOW + 2_000, 'every 5 s');
  expect(lines.join('\n')).toBe(shown('causeway status --watch'));
});
