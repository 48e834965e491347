import { expect, it } from 'vitest';
import { describeCommands } from '../../../../local/demo/describe.ts';
import { reportPartitions } from '../../../../local/demo/report.ts';

const proof = (partition: string, changes = {}) => ({
  partition,
  records: 70,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  translated: 20,
  mistranslated: 0,
  ...changes,
});
const figures = {
  produced: 140,
  sampleEvery: 7,
  latencies: [
    { steadyMs: [3, 5], whileItBeganMs: [2_000] },
    { steadyMs: [4], whileItBeganMs: [9_000] },
  ],
};

function reported(proofs: Parameters<typeof reportPartitions>[0]) {
  const lines: string[] = [];
  return { holds: reportPartitions(proofs, figures, (line) => lines.push(line)), text: lines.join('\n') };
}

it('says how large the sample of offsets was, of how many records, and how it was drawn', () => {
  const { holds, text } = reported([proof('orders-0'), proof('orders-1')]);

  expect(holds).toBe(true);
  expect(text).toContain('140 of 140 records compared byte for byte on both sides');
  expect(text).toContain(
    '20 of 140 records sampled, each 7th of a partition: 40 offsets looked up in the offset map, there and back, 0 wrong',
  );
});

it('tells the latency of a flow that goes, and apart from it what its beginning took', () => {
  const { text } = reported([proof('orders-0'), proof('orders-1')]);

  expect(text).toContain('latency, record timestamp to reader: p50 4 ms, p99 5 ms of 3 records\n');
  expect(text).toMatch(/apart from it 2 records .* p50 2000 ms, p99 9000 ms$/);
});

it('does not hold when an offset is wrong, or a record was not compared', () => {
  expect(reported([proof('orders-0'), proof('orders-1', { mistranslated: 1 })]).holds).toBe(false);
  expect(reported([proof('orders-0'), proof('orders-1', { records: 69 })]).holds).toBe(false);
});

it('says by which commands regions that stay up are asked and stopped', () => {
  const text = describeCommands({ runId: 'r1' });

  expect(text).toContain('npx causeway status --run r1\n');
  expect(text).toContain('npx causeway translate --group billing --run r1\n');
  expect(text).toContain('npm run local -- down r1');
});
